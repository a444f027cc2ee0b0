/**
 * What happened, in words. In braces: `{actor}`, `{subject}`, a path into the event's data, `{name path}` for the name of
 * the thing whose id stands there, `{path ? yes : no}`. Types without a line here get what their contract says, and
 * types that are newer than this build get the words of their name.
 */
export const sentences: Readonly<Record<string, string>> = {
  'identity.organization.created': '{actor} created the organization {organization.name}.',
  'identity.organization.changed': '{actor} changed the organization {organization.name}.',

  'identity.staff.invited': '{actor} invited {staff.name} ({staff.email}) to the staff.',
  'identity.staff.joined': '{staff.name} ({staff.email}) joined the staff.',
  'identity.staff.changed': '{actor} changed the details of {staff.name}.',
  'identity.staff.access-changed': '{actor} changed the roles or properties of {staff.name}.',
  'identity.staff.archived': '{actor} archived {staff.name}.',
  'identity.staff.restored': '{actor} restored {staff.name}.',
  'identity.staff.password-changed': '{staff.name} has a new password.',
  'identity.staff.password-reset-requested': 'A link to set a new password was made for {staff.name}.',
  'identity.staff.two-factor-changed': 'Two-factor sign-in of {staff.name} was turned {staff.twoFactor ? on : off}.',
  'identity.staff.sign-in-refused': 'A sign-in as {staff.name} from {address} was refused: {reason}.',

  'identity.role.created': '{actor} created the role {role.name}.',
  'identity.role.changed': '{actor} changed the role {role.name}.',
  'identity.role.removed': '{actor} removed the role {role.name}.',

  'identity.session.started': '{name session.staffId} signed in from {session.address}.',
  'identity.session.ended': 'A session of {name session.staffId} ended: {cause}.',

  'identity.api-key.created': '{actor} created the API key {apiKey.name} ({apiKey.prefix}…).',
  'identity.api-key.expired': 'The API key {apiKey.name} ({apiKey.prefix}…) reached the end of its time.',
  'identity.api-key.revoked': '{actor} revoked the API key {apiKey.name} ({apiKey.prefix}…).',

  'audit.retention.changed': '{actor} changed how long audit entries are kept.',
  'audit.entries.retired': 'Audit entries up to {upTo} were retired by the retention policy.',
  'audit.chain.broken': 'A verification found that the audit chain was changed from outside.',
  'audit.head.signed': 'The head of the audit chain was signed at entry {head.seq}.',
  'audit.person.erased': '{actor} erased the personal fields of {personId}.',
  'audit.export.finished': '{actor} exported {entries} audit entries as {format}.',
  'audit.job.changed': 'The job {id} ({name}) is {state}.',
};
