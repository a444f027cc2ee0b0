import { z } from 'zod';
import { defineRpc } from '../define.js';
import { Instant } from '../words.js';

const EnhancedCode = z.string().regex(/^[245]\.\d{1,3}\.\d{1,3}$/);

/** What any provider of mail knows; where it goes by another name there, whoever connects it translates. */
export const MailReport = z
  .object({
    id: z.string().min(1).max(200).describe('The provider’s own id of this event; told again, it changes nothing'),
    type: z
      .enum(['delivered', 'delayed', 'bounced', 'complained'])
      .describe('delayed: the provider still tries · bounced: it gave up · complained: the recipient called it spam'),
    messageId: z.string().max(500).optional().describe('The Message-ID header of the mail, as it was sent'),
    returnPath: z
      .string()
      .max(500)
      .optional()
      .describe(
        'The envelope sender (`bounce+…@`), for providers that write a Message-ID of their own; one of the two is needed',
      ),
    code: EnhancedCode.optional().describe(
      'RFC 3463; needed with bounced. 5.1.1: no such address · 5.2.2: mailbox full · 5.7.1: policy · 5.0.0: for good, why is not said · 4.0.0: for now',
    ),
    reason: z.string().max(500).optional().describe('What their mail server said'),
    at: Instant.optional().describe('When, as the provider says; they come in any order'),
  })
  .meta({
    id: 'MailReport',
    description: 'What became of one mail, as its provider tells it',
    example: {
      id: 'evt-8241',
      type: 'bounced',
      messageId: '<dlv_01jd3zq6v7h2m4k8x5c9r0t1wb@mail.example.com>',
      code: '5.1.1',
      reason: '550 5.1.1 The email account that you tried to reach does not exist',
      at: '2026-11-30T08:15:00.000Z',
    },
  });
export type MailReport = z.infer<typeof MailReport>;

export const MailReports = z
  .object({ events: z.array(MailReport).min(1).max(100) })
  .meta({ id: 'MailReports', description: 'Up to a hundred at once' });

export const receiveMailReports = defineRpc('notifications.receive-mail-reports', {
  does: 'command',
  input: z.object({
    timestamp: z.string().max(60),
    signature: z.string().max(500),
    body: z.string().max(300_000).describe('The bytes as they were signed: `MailReports`'),
  }),
  output: z
    .object({
      taken: z.int().nonnegative().describe('Noted now, or before'),
      unknown: z.int().nonnegative().describe('About mails that were not sent from here; no need to tell them again'),
    })
    .meta({ id: 'MailReportsTaken', example: { taken: 1, unknown: 0 } }),
  errors: ['mail-reports.off', 'webhook.signature'],
  permission: 'service',
  timeoutMs: 10_000,
  describe: 'A provider of mail tells what became of mails.',
});
