import type { Asked, Reply } from '../../http/exchange.js';

export interface PropertyIqAccess {
  readonly clientId: string;
  readonly clientSecret: string;
}

const lifeSeconds = 3_600;

/** OAuth 2 client credentials; a token lives for an hour. */
export class Tokens {
  readonly #endsMs = new Map<string, number>();

  constructor(private readonly nowMs: () => number) {}

  issue(): Record<string, unknown> {
    const token = `simulated-token-${this.#endsMs.size + 1}`;
    this.#endsMs.set(token, this.nowMs() + lifeSeconds * 1_000);
    return { access_token: token, token_type: 'Bearer', expires_in: lifeSeconds };
  }

  knows(authorization: string | undefined): boolean {
    const token = /^Bearer (.+)$/i.exec(authorization ?? '')?.[1];
    return (this.#endsMs.get(token ?? '') ?? 0) > this.nowMs();
  }
}

/** Client id and secret come as a form, in the query or as Basic: integrations do each. */
export function grantedTo(asked: Asked, access: PropertyIqAccess): true | Reply {
  const form = new URLSearchParams(asked.body);
  const field = (name: string) => form.get(name) ?? asked.query.get(name);
  if (field('grant_type') !== 'client_credentials') {
    return refused(400, 'unsupported_grant_type', 'The authorization grant type is not supported.');
  }
  const { clientId, clientSecret } = access;
  const basic = `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`;
  const fits =
    (field('client_id') === clientId && field('client_secret') === clientSecret) || asked.headers.authorization === basic;
  return fits || refused(401, 'invalid_client', 'Client authentication failed.');
}

function refused(status: number, error: string, description: string): Reply {
  return { status, body: { error, error_description: description } };
}
