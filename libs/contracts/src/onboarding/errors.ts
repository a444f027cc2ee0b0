import { defineErrors } from '../errors.js';

export const onboardingErrors = defineErrors({
  'activation.link-over': {
    status: 410,
    describe: 'The activation link works no more; `details.state` says why: used, replaced, expired, withdrawn, or unknown.',
  },
  'activation.terms-needed': { status: 422, describe: 'The terms and conditions must be agreed to.' },
  'activation.terms-changed': {
    status: 409,
    describe: 'The terms and conditions changed while the page was open; show the new ones and ask again.',
  },
  'go-live.not-understood': { status: 422, describe: 'Who starts a Go Live must press “I understand” first.' },
  'go-live.estimate-changed': {
    status: 409,
    describe: 'A rule, a setting or the text of the mail changed since the estimate; look again and confirm.',
  },
  'go-live.lapsed': { status: 409, describe: 'The estimate is too old; make a new one.' },
});
