import { hash } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { DomainError } from '@leasewire/contracts';
import { errorRow } from '../problem/codes.js';

export interface Credential {
  readonly kind: 'token' | 'api-key';
  readonly text: string;
  /** What it is remembered under: the secret itself is not kept. */
  readonly hash: string;
}

const longest = 8192;

interface Said {
  readonly authorization: string | undefined;
  readonly key: unknown;
  readonly credential: Credential | undefined;
}

/** A connection usually says the same again: it is read, and hashed, when it says something else. Forgotten with the connection. */
export class Credentials {
  readonly #said = new WeakMap<Socket, Said>();

  of({ headers, socket }: Pick<IncomingMessage, 'headers' | 'socket'>): Credential | undefined {
    const { authorization } = headers;
    const key = headers['x-api-key'];
    const before = this.#said.get(socket);
    if (before && before.authorization === authorization && before.key === key) return before.credential;
    const credential = credentialOf(headers);
    this.#said.set(socket, { authorization, key, credential });
    return credential;
  }
}

export function credentialOf(headers: IncomingHttpHeaders): Credential | undefined {
  const { authorization } = headers;
  const key = headers['x-api-key'];
  if (authorization === undefined && key === undefined) return undefined;
  if (authorization !== undefined && key !== undefined)
    throw new DomainError('unauthenticated', 'Send either Authorization or X-Api-Key, not both.');
  const text = typeof key === 'string' ? key : bearerOf(authorization);
  if (text === '' || text.length > longest) throw notAccepted();
  return { kind: text.startsWith('lw_') ? 'api-key' : 'token', text, hash: hash('sha256', text, 'base64') };
}

function bearerOf(authorization: string | undefined): string {
  const space = authorization?.indexOf(' ') ?? -1;
  if (authorization === undefined || authorization.slice(0, space).toLowerCase() !== 'bearer')
    throw new DomainError('unauthenticated', 'Send Authorization: Bearer followed by an access token or API key.');
  return authorization.slice(space + 1).trim();
}

/** Whatever the reason: nobody is behind it, or not any more. */
export const isNotAccepted = (error: unknown): boolean => error instanceof DomainError && errorRow(error.code)?.status === 401;

export const notAccepted = (): DomainError =>
  new DomainError('unauthenticated', 'The token or key is not valid, or not any more. Sign in again, or use another key.');
