import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Asked } from './exchange.js';

/** What a simulator that is no PMS answers; `hang-up` closes the connection without a word. */
export type Answer = Page | 'hang-up';

export interface Page {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/** What is served under one prefix. */
export interface Site {
  serve(asked: Asked): Promise<Answer>;
}

export function json(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Page {
  return { status, headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers }, body: JSON.stringify(body) };
}

export function html(body: string, headers: Readonly<Record<string, string>> = {}): Page {
  return { status: 200, headers: { 'Content-Type': 'text/html; charset=utf-8', ...headers }, body };
}

export function missing(what: string): Page {
  return json({ error: `There is no ${what}.` }, 404);
}

/** After a form was sent: the page to look at, so that reloading it does nothing twice. */
export function seeOther(location: string): Page {
  return { status: 303, headers: { Location: location }, body: '' };
}

/** `null`: it is not under this prefix. */
export function askedUnder(prefix: string, request: IncomingMessage, body: string): Asked | null {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  if (url.pathname !== prefix && !url.pathname.startsWith(`${prefix}/`)) return null;
  return {
    verb: request.method ?? 'GET',
    path: url.pathname.slice(prefix.length),
    query: url.searchParams,
    headers: request.headers,
    body,
    base: `http://${request.headers.host ?? '127.0.0.1'}${prefix}`,
  };
}

export async function answer(site: Site, asked: Asked, response: ServerResponse): Promise<void> {
  const said = await site.serve(asked);
  if (said === 'hang-up') return void response.socket?.destroy();
  response.writeHead(said.status, { 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff', ...said.headers });
  response.end(said.body);
}

export async function bodyOf(request: IncomingMessage): Promise<string> {
  request.setEncoding('utf8');
  let text = '';
  for await (const part of request) text += String(part);
  return text;
}

export interface Listening {
  readonly port: number;
  close(): Promise<void>;
}

/** Binds 127.0.0.1 only; 0 is any port that is free. */
export async function listening(
  serve: (request: IncomingMessage, response: ServerResponse) => Promise<void>,
  wished: number,
): Promise<Listening> {
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      console.error(error);
      if (!response.headersSent) response.writeHead(500);
      response.end();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(wished, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** A site that is all there is on its port. */
export function listeningFor(site: Site, wished: number): Promise<Listening> {
  return listening(async (request, response) => {
    const asked = askedUnder('', request, await bodyOf(request));
    if (asked !== null) await answer(site, asked, response);
  }, wished);
}
