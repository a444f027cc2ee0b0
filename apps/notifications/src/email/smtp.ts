import type { Readable } from 'node:stream';
import { createTransport, type SendMailOptions, type Transporter } from 'nodemailer';
import { z } from 'zod';
import type { SmtpFailure } from './smtp-outcome.rules.js';
import { wholeMail } from './whole-mail.js';

export interface SmtpSettings {
  readonly host: string;
  readonly port: number;
  readonly secure: boolean;
  readonly requireTls: boolean;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly connections: number;
}

export type Handed = { readonly ok: true; readonly reply: string } | { readonly ok: false; readonly failure: SmtpFailure };

const Failed = z.object({ responseCode: z.number().optional(), command: z.string().optional(), response: z.string().optional() });
const connectMs = 10_000;
const silenceMs = 30_000;

/** One pool of connections to a mail server, and what is certain after each mail. */
export class Smtp {
  readonly #transport: Transporter;
  /** The content of mails that are on their way: once read, the server may have it. */
  readonly #contents = new Map<string, Readable>();

  constructor({ host, port, secure, requireTls, user, password, connections }: SmtpSettings) {
    this.#transport = createTransport({
      ...{ host, port, secure },
      pool: true,
      maxConnections: connections,
      maxMessages: Infinity,
      requireTLS: requireTls,
      ...(user !== undefined && { auth: { user, pass: password ?? '' } }),
      connectionTimeout: connectMs,
      greetingTimeout: connectMs,
      socketTimeout: silenceMs,
    });
    this.#transport.use('stream', ({ data, message }, done) => {
      const { messageId } = data;
      const stream = message.stream.bind(message);
      message.stream = (output, how, finished) => {
        const whole = wholeMail(message);
        if (whole === null) {
          stream(output, how, finished);
          return;
        }
        output.write(whole);
        finished();
      };
      const make = message.createReadStream.bind(message);
      message.createReadStream = (...how) => {
        const content = make(...how);
        if (typeof messageId === 'string') this.#contents.set(messageId, content);
        return content;
      };
      done();
    });
  }

  async hand(mail: SendMailOptions & { messageId: string }, signal: AbortSignal): Promise<Handed> {
    const { messageId } = mail;
    try {
      const info = await this.#transport.sendMail({ ...mail, signal });
      return { ok: true, reply: String(info.response) };
    } catch (error) {
      const { responseCode, command } = Failed.safeParse(error).data ?? {};
      const failure: SmtpFailure = {
        message: error instanceof Error ? error.message : String(error),
        replyCode: responseCode ?? null,
        command: command ?? null,
        contentBegan: this.#contents.get(messageId)?.readableDidRead ?? false,
      };
      return { ok: false, failure };
    } finally {
      this.#contents.delete(messageId);
    }
  }

  close(): void {
    this.#transport.close();
  }
}
