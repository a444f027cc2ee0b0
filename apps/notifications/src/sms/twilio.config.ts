import { flag, variable, wholeNumber } from '@leasewire/service-kit';
import { z } from 'zod';

const sid = (prefix: string) =>
  z.string().regex(new RegExp(`^${prefix}[0-9a-f]{32}$`), `is not a SID that begins with ${prefix}`);

/** Without an account nothing is texted, and who would be is shown as “texts are off”. */
export const twilioConfig = {
  LEASEWIRE_TWILIO_ACCOUNT_SID: variable(sid('AC').optional(), {
    describe: 'The Twilio account that texts are sent from; none: texts are off',
    mayBe: 'AC and 32 hexadecimal digits',
  }),
  LEASEWIRE_TWILIO_AUTH_TOKEN: variable(z.string().min(1).optional(), {
    describe: 'The auth token of that account; webhooks are verified with it too',
    secret: true,
  }),
  LEASEWIRE_TWILIO_MESSAGING_SERVICE_SID: variable(sid('MG').optional(), {
    describe: 'The messaging service that texts are sent by; opt-outs count for all its numbers',
    mayBe: 'MG and 32 hexadecimal digits',
  }),
  LEASEWIRE_TWILIO_FROM: variable(
    z
      .string()
      .regex(/^\+[1-9]\d{6,14}$/)
      .optional(),
    {
      describe: 'The number that texts are sent from, where there is no messaging service',
      mayBe: 'a phone number such as +12025550100',
    },
  ),
  LEASEWIRE_TWILIO_API_URL: variable(z.url({ protocol: /^https?$/ }).optional(), {
    describe: 'Another address of Twilio’s API: the simulator, or a proxy',
    mayBe: 'a URL',
  }),
  LEASEWIRE_TWILIO_TIMEOUT_MS: variable(wholeNumber(100, 60_000).default(15_000), {
    describe: 'How long an answer of Twilio is awaited; then it is unknown whether the text went out, until it is looked up',
  }),
  LEASEWIRE_SMS_INTERNATIONAL: variable(flag().default(false), {
    describe: 'Text numbers of other countries than the property’s too; they cost many times as much and are what fraud asks for',
  }),
  LEASEWIRE_TWILIO_AT_ONCE: variable(wholeNumber(1, 100).default(10), {
    describe: 'Most requests to Twilio that this process has open; fewer while Twilio says that there are too many',
  }),
};
