import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Answer<T = Record<string, unknown>> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: T;
}

interface Asking {
  /** Text goes as it is, with a content type among the headers; anything else as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Who calls; the same for all who were made of one, so that they sign in again together. */
interface Session {
  token?: string;
  again?: () => Promise<string>;
  signingIn?: Promise<string> | undefined;
}

/** REST as an API consumer uses it: a token, JSON, an idempotency key for every change. */
export class Api {
  constructor(
    readonly url: string,
    private readonly session: Session = {},
  ) {}

  /** Insisted on: a process that was just killed may still be on its way back. */
  static async signIn(url: string, { email, password }: { readonly email: string; readonly password: string }): Promise<Api> {
    const answer = await new Api(url).insist<{ accessToken: string }>('POST', '/v1/sessions', { email, password });
    if (answer.status !== 201) throw new Error(`signing in as ${email} answered ${describe(answer)}`);
    return new Api(url, { token: answer.body.accessToken });
  }

  /** Somebody who works on for longer than a token holds: refused for it, they sign in again. */
  static async stayingSignedIn(url: string, who: { readonly email: string; readonly password: string }): Promise<Api> {
    const again = async () => (await Api.signIn(url, who)).session.token ?? '';
    return new Api(url, { token: await again(), again });
  }

  as(token: string): Api {
    return new Api(this.url, { token });
  }

  /** The same caller at another gateway. */
  at(url: string): Api {
    return new Api(url, this.session);
  }

  async ask<T = Record<string, unknown>>(method: string, path: string, asking: Asking = {}): Promise<Answer<T>> {
    const { token, again } = this.session;
    const answer = await this.#askOnce<T>(method, path, asking);
    if (answer.status !== 401 || !again) return answer;
    if (this.session.token === token) await this.#signInAgain(again);
    return this.#askOnce(method, path, asking);
  }

  async #signInAgain(again: () => Promise<string>): Promise<void> {
    const { session } = this;
    session.signingIn ??= again().finally(() => (session.signingIn = undefined));
    session.token = await session.signingIn;
  }

  async #askOnce<T>(method: string, path: string, { body, headers }: Asking): Promise<Answer<T>> {
    const { token } = this.session;
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: {
        ...(token !== undefined && { authorization: `Bearer ${token}` }),
        ...(body !== undefined && typeof body !== 'string' && { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      signal: AbortSignal.timeout(15_000),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') ?? false;
    return { status: response.status, headers: response.headers, body: (isJson && text !== '' ? JSON.parse(text) : text) as T };
  }

  /**
   * The same, repeated while the platform says that it cannot at the moment (503, marked retryable): on a machine that does
   * everything at once, that is an honest answer and not the one that is asked for. A change keeps its idempotency key.
   */
  async patiently<T = Record<string, unknown>>(
    method: string,
    path: string,
    { headers, ...asking }: Asking = {},
    giveUpMs = 20_000,
  ): Promise<Answer<T>> {
    const all = { ...(method === 'POST' && { 'idempotency-key': randomUUID() }), ...headers };
    const giveUpAt = Date.now() + giveUpMs;
    for (;;) {
      const answer = await this.ask<T>(method, path, { ...asking, headers: all });
      const isAway = answer.status === 503 && (answer.body as { retryable?: boolean }).retryable === true;
      if (!(isAway || isInProgress(answer)) || Date.now() > giveUpAt) return answer;
      await sleep(100);
    }
  }

  async expect<T = Record<string, unknown>>(
    status: number,
    method: string,
    path: string,
    asking: Asking = {},
  ): Promise<Answer<T>> {
    const answer = await this.patiently<T>(method, path, asking);
    if (answer.status !== status)
      throw new Error(`${method} ${path} answered ${answer.status}, not ${status}: ${JSON.stringify(answer.body)}`);
    return answer;
  }

  async get<T = Record<string, unknown>>(path: string): Promise<T> {
    return (await this.expect<T>(200, 'GET', path)).body;
  }

  /** Every page of a list. */
  async all<T>(path: string): Promise<T[]> {
    const items: T[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const next: string = cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`;
      const page: { items: T[]; nextCursor: string | null } = await this.get(
        `${path}${path.includes('?') ? '&' : '?'}limit=200${next}`,
      );
      items.push(...page.items);
      cursor = page.nextCursor;
    }
    return items;
  }

  /**
   * A change as a careful client makes it: under one idempotency key, repeated for as long as the platform says that it may
   * be (503, 429) or says nothing at all.
   */
  async insist<T = Record<string, unknown>>(
    method: string,
    path: string,
    body?: unknown,
    { headers: more, giveUpMs = 60_000 }: { headers?: Record<string, string>; giveUpMs?: number } = {},
  ): Promise<Answer<T>> {
    const headers = { 'idempotency-key': randomUUID(), ...more };
    const giveUpAt = Date.now() + giveUpMs;
    for (;;) {
      const answer = await this.ask<T>(method, path, { body, headers }).catch((error: unknown) => String(error));
      if (typeof answer !== 'string' && answer.status !== 503 && answer.status !== 429 && !isInProgress(answer)) return answer;
      if (Date.now() > giveUpAt)
        throw new Error(`${method} ${path} did not succeed in ${giveUpMs} ms; last: ${describe(answer)}`);
      await sleep(50);
    }
  }
}

const isInProgress = ({ status, body }: Answer<unknown>): boolean =>
  status === 409 && (body as { code?: string }).code === 'idempotency.in-progress';

const describe = (answer: Answer<unknown> | string): string =>
  typeof answer === 'string' ? answer : `${answer.status} ${JSON.stringify(answer.body)}`;
