import { flag, json, milliseconds, port, variable, wholeNumber, type Config } from '@leasewire/service-kit';
import { OrgId } from '@leasewire/contracts';
import { z } from 'zod';
import { twilioConfig } from './sms/twilio.config.js';

const Domains = z.array(
  z.strictObject({
    domain: z.string().min(3),
    selector: z.string().min(1),
    privateKey: z.string().includes('PRIVATE KEY'),
    organizations: z.array(OrgId).min(1).optional(),
  }),
);

/** What this service reads from its environment beside what every service reads. */
export const notificationsConfig = z.object({
  LEASEWIRE_PUBLIC_URL: variable(z.url({ protocol: /^https?$/ }).default('http://127.0.0.1:3000'), {
    describe: 'Where people and providers reach the gateway: links in messages begin so, and webhooks are verified against it',
    mayBe: 'a URL such as https://app.example.com',
  }),
  LEASEWIRE_CONSOLE_URL: variable(z.url({ protocol: /^https?$/ }).optional(), {
    describe:
      'Where staff reach the console: links in alerts begin so; without it they lead to the pages of the API and name the request',
    mayBe: 'a URL such as https://console.example.com',
  }),
  LEASEWIRE_SMTP_HOST: variable(z.string().optional(), { describe: 'The mail server; without it no mail is sent' }),
  LEASEWIRE_SMTP_PORT: variable(port().default(587), { describe: 'Its port' }),
  LEASEWIRE_SMTP_SECURE: variable(flag().default(false), { describe: 'TLS from the first byte, as on port 465' }),
  LEASEWIRE_SMTP_REQUIRE_TLS: variable(flag().default(false), { describe: 'Send nothing unless STARTTLS works' }),
  LEASEWIRE_SMTP_USER: variable(z.string().optional(), { describe: 'Who signs in there' }),
  LEASEWIRE_SMTP_PASSWORD: variable(z.string().optional(), { describe: 'The password', secret: true }),
  LEASEWIRE_SMTP_CONNECTIONS: variable(wholeNumber(1, 100).default(5), { describe: 'Connections of each replica at once' }),
  LEASEWIRE_SMTP_PER_SECOND: variable(wholeNumber(0, 100_000).default(0), {
    describe: 'Most mails a second of all replicas together; 0: as many as the server takes',
  }),
  LEASEWIRE_MAIL_DOMAIN: variable(z.string().default('leasewire.test'), { describe: 'Mail comes from no-reply@ this domain' }),
  LEASEWIRE_MAIL_DOMAINS: variable(json(Domains).default([]), {
    describe: 'Domains that mail is signed for (DKIM)',
    mayBe:
      'a JSON list of {"domain","selector","privateKey"}, keys as PEM; with "organizations":["org_…"] only these write from it',
    secret: true,
  }),
  LEASEWIRE_MAIL_DAILY_LIMIT: variable(wholeNumber(1, 10_000_000).default(50_000), {
    describe: 'Most messages of a property within a day, where it has no limit of its own',
  }),
  LEASEWIRE_RETURN_DOMAIN: variable(z.string().optional(), {
    describe: 'The domain of return paths, whose MX leads to LEASEWIRE_RETURN_PORT; without it LEASEWIRE_MAIL_DOMAIN',
  }),
  LEASEWIRE_RETURN_PORT: variable(port().optional(), {
    describe: 'Where bounces and complaints are taken by SMTP; without it they are not',
  }),
  LEASEWIRE_RETURN_HOST: variable(z.string().default('127.0.0.1'), { describe: 'Where that listens' }),
  LEASEWIRE_MAIL_REPORT_SECRET: variable(z.string().min(32).optional(), {
    describe: 'What reports of a mail provider to /v1/hooks/mail are signed with (docs/api.md); without it none are taken there',
    mayBe: 'at least 32 characters',
    secret: true,
  }),
  LEASEWIRE_UNDO_MS: variable(milliseconds(0, 600_000).default(15_000), {
    describe: 'How long a message that is sent now can be taken back',
  }),
  LEASEWIRE_CONTENT_DAYS: variable(wholeNumber(1, 3650).default(365), {
    describe: 'How long the content of messages is kept; the fact of sending stays',
  }),
  LEASEWIRE_DELIVERY_LEASE_MS: variable(milliseconds(1000, 600_000).default(90_000), {
    describe: 'After which a delivery that a dead process was at becomes unknown',
  }),
  ...twilioConfig,
});
export type NotificationsConfig = Config<typeof notificationsConfig>;
