import { defineTemplate } from './define-template.js';

const text = { subject: '{{ message.subject }}', preheader: '', body: '<p>{{ message.body }}</p>' };

/** What surrounds a message that staff write. An own text of it adds a greeting or a signature to all of them. */
export const message = defineTemplate({
  name: 'message',
  label: 'Message',
  describe: 'What surrounds the messages that staff write: a greeting or a signature for all of them.',
  audience: 'resident',
  category: null,
  channels: ['email'],
  required: { email: ['message.body'] },
  optional: ['message.subject'],
  texts: { en: text, es: text, fr: text },
});
