import { defineErrors } from '../errors.js';

export const pmsSyncErrors = defineErrors({
  'connection.name-taken': { status: 409, describe: 'The organization has a connection of this name.' },
  'connection.same-account': {
    status: 409,
    describe:
      'The organization is connected to this account already; `details.connectionId` is how. Adopt more properties there.',
  },
  'connection.settings': {
    status: 400,
    describe: 'A field of the connection’s form is missing or wrong; `details.fields` names it.',
  },
  'connection.failing': {
    // 424 and no 5xx: the key of one customer is wrong, nothing is wrong with us, and nobody is to be woken
    status: 424,
    retryable: true,
    describe: 'The PMS does not let us in or does not answer; the message says what it said, in plain words.',
  },
  'disconnect.preview-changed': {
    status: 409,
    describe: 'Another number of people would lose access than the preview said; `details.now` is how many. Look again.',
  },
  'sync.not-linked': { status: 409, describe: 'Nothing of the selection is kept in step with a PMS.' },
  'import.property-linked': {
    status: 409,
    describe: 'The property is kept in step with a PMS; a file would contradict it.',
  },
  'webhook.signature': { status: 401, describe: 'The signature of the webhook is not right.' },
});
