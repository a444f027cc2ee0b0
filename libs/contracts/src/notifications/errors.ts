import { defineErrors } from '../errors.js';

export const notificationsErrors = defineErrors({
  'template.unknown': { status: 404, describe: 'There is no template of this name.' },
  'message.invalid': { status: 422, describe: 'It cannot be sent like this; `details.problems` says what is wrong.' },
  'message.not-previewed': { status: 409, describe: 'What is to be sent is not what was previewed; look again and confirm.' },
  'message.audience-changed': {
    status: 409,
    describe:
      'Who receives it has changed since the preview; `details.reach` has the new numbers and `details.token` confirms them.',
  },
  'message.confirm-number': { status: 409, describe: 'It reaches many: type the number of people it reaches.' },
  'message.daily-limit': { status: 409, describe: 'It would go beyond what may be sent on that day.' },
  'message.started': { status: 409, describe: 'It has begun to go out and cannot be changed; copy it and send that.' },
  'message.no-own-address': { status: 409, describe: 'Whoever asks has no address to send a test to, as an API key.' },
  'delivery.not-unknown': { status: 409, describe: 'What became of this delivery is known.' },
  'delivery.content-gone': {
    status: 409,
    describe: 'What it said is no longer kept, or had secrets that are gone; send a new one.',
  },
  'attachment.refused': { status: 422, describe: 'The file cannot be sent; the message says why.' },
  'mail-reports.off': { status: 404, describe: 'This deployment takes no reports of mail providers by webhook.' },
  'suppression.complaint': { status: 409, describe: 'Whoever complained about mail must ask for it again themselves.' },
  'sender.domain-not-ready': { status: 409, describe: 'The deployment does not sign for this domain.' },
});
