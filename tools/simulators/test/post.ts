import { createTransport, type SendMailOptions } from 'nodemailer';
import { startMailCatcher, type MailCatcherWish } from '../src/index.js';

export type Catching = Awaited<ReturnType<typeof startMailCatcher>>;
export type Transport = ReturnType<typeof transportTo>;

/** Closed in reverse order by `closeAll`. */
const opened: (() => unknown)[] = [];

export async function closeAll(): Promise<void> {
  for (const close of opened.splice(0).reverse()) await close();
}

export async function catching(wish: MailCatcherWish = {}): Promise<Catching> {
  const catching = await startMailCatcher(wish);
  opened.push(() => catching.close());
  return catching;
}

/** As the delivery of a service sends: the real nodemailer. */
export function transportTo({ smtp }: Catching, more: object = {}) {
  const transport = createTransport({
    ...{ host: smtp.host, port: smtp.port, auth: { user: smtp.user, pass: smtp.password } },
    ...more,
  });
  opened.push(() => transport.close());
  return transport;
}

export function letter(to: string, more: SendMailOptions = {}): SendMailOptions {
  return { from: '"Harbor Lofts" <no-reply@harbor.test>', to, subject: 'Water off on Tuesday', text: 'From 9 to 11.', ...more };
}

/** What nodemailer says went wrong. */
export async function failure(
  sending: Promise<unknown>,
): Promise<{ code?: string; responseCode?: number; command?: string; message: string }> {
  return sending.then(
    () => ({ message: 'nothing went wrong' }),
    (error: unknown) => error as { message: string },
  );
}

export async function told<T>(url: string, init?: RequestInit): Promise<T> {
  const reply = await fetch(url, init);
  return (await reply.json()) as T;
}

export function posted(url: string, body: unknown): Promise<Response> {
  return fetch(url, { method: 'POST', body: JSON.stringify(body) });
}
