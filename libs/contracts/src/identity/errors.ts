import { defineErrors } from '../errors.js';

export const identityErrors = defineErrors({
  'sign-in.refused': {
    status: 401,
    describe: 'E-mail and password do not belong together. The answer is the same whether the account exists or not.',
  },
  'sign-in.second-factor-required': { status: 401, describe: 'The password is right; repeat with `code`.' },
  'sign-in.second-factor-refused': { status: 401, describe: 'The code is wrong or was used before.' },
  'sign-in.choose-organization': {
    status: 409,
    describe: 'These credentials belong to several organizations; repeat with `organizationId`, one of `details.organizations`.',
  },
  'sign-in.throttled': {
    status: 429,
    retryable: true,
    describe: 'Too many attempts; `details.retryAfterSeconds` says when to try again.',
  },
  'resident.choose-person': {
    status: 409,
    describe: 'Several people have this address and password; go on as one of `details.persons` with `details.choice`.',
  },
  'session.ended': { status: 401, describe: 'The session was revoked, has expired, or its refresh token was used twice.' },
  'link.invalid': { status: 410, describe: 'The link was used, has expired, or a newer one replaced it.' },
  'password.too-weak': { status: 400, describe: 'The password is too common or holds the name or e-mail address.' },
  'password.wrong': { status: 403, describe: 'The current password is not right.' },
  'staff.email-taken': {
    status: 409,
    describe: 'The organization has a staff member with this e-mail address; archived ones can be restored.',
  },
  'staff.last-owner': { status: 409, describe: 'At least one active owner must remain.' },
  'staff.beyond-own-permissions': { status: 403, describe: 'Nobody can hand out more than they hold.' },
  'organization.name-differs': {
    status: 409,
    describe: 'The name that was typed is not that of the organization; type it as it is written.',
  },
  'organization.owners-only': { status: 403, describe: 'Only an owner with access to all properties can do this.' },
  'role.name-taken': { status: 409, describe: 'The organization has a role of this name.' },
  'role.in-use': { status: 409, describe: 'Staff hold this role; give them another first.' },
  'role.preset-fixed': { status: 409, describe: 'The owner preset cannot be changed, and presets cannot be removed.' },
  'two-factor.not-started': { status: 409, describe: 'Ask for a secret first.' },
  'two-factor.already-on': { status: 409, describe: 'A second factor is on; turn it off first.' },
});
