import { createHash } from 'node:crypto';
import { newDeployment, startService, type Deployment } from '@leasewire/testing';
import { gateway } from '../../src/gateway.definition.js';

/** Without a database: the gateway has none. */
export const gatewayDeployment = (): Promise<Deployment> => newDeployment({ mongoUri: 'mongodb://127.0.0.1:1/' });

const unlimited = {
  LEASEWIRE_RATE_LIMIT_CREDENTIAL: '0',
  LEASEWIRE_RATE_LIMIT_ORGANIZATION: '0',
  LEASEWIRE_RATE_LIMIT_ADDRESS: '0',
  LEASEWIRE_RATE_LIMIT_SIGN_IN: '0',
  LEASEWIRE_RATE_LIMIT_REFUSED: '0',
};

export async function startGateway(
  deployment: Deployment,
  env: Readonly<Record<string, string>> = {},
  logTo?: { write(line: string): void },
) {
  const service = await startService(gateway, { ...unlimited, ...env }, { deployment, ...(logTo && { logTo }) });
  return { service, url: service.url ?? '' };
}

/** What tests look for in a body; what is not there is not there. */
export interface ReplyBody {
  readonly code: string;
  readonly detail: string;
  readonly retryable?: boolean;
  readonly details: { readonly fields: { readonly path: string; readonly message: string }[]; readonly oldest: string };
  readonly items: { readonly type: string; readonly data: { readonly staff?: { readonly name: string } } }[];
  readonly nextCursor: string;
  readonly more: boolean;
  readonly accessToken: string;
  readonly email: string;
  readonly state: string;
  readonly openapi: string;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ReplyBody;
  readonly text: string;
}

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array<ArrayBuffer> | URLSearchParams;
  readonly token?: string;
  readonly json?: unknown;
}

export async function ask(url: string, path: string, init: Asked = {}): Promise<Reply> {
  const { token, json, ...rest } = init;
  const response = await fetch(url + path, {
    redirect: 'manual',
    ...rest,
    headers: {
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(json !== undefined && { 'content-type': 'application/json' }),
      ...rest.headers,
    },
    ...(json !== undefined && { body: JSON.stringify(json) }),
  });
  const text = await response.text();
  assertApplies(response.headers, text);
  return { status: response.status, headers: response.headers, body: bodyOf(text), text };
}

/** A browser drops what the policy of its page does not allow, without a word to us: a style by one blank that its hash does not know. */
function assertApplies(headers: Headers, text: string): void {
  if (!/^text\/html/.test(headers.get('content-type') ?? '')) return;
  const policy = headers.get('content-security-policy') ?? '';
  const allowed = new Set([...policy.matchAll(/'(sha256-[^']+)'/g)].map(([, hash]) => hash));
  for (const [, tag, inside = ''] of text.matchAll(/<(style|script)(?![^>]* src=)[^>]*>([\s\S]*?)<\/\1>/g)) {
    const hash = `sha256-${createHash('sha256').update(inside).digest('base64')}`;
    if (!allowed.has(hash)) throw new Error(`The page’s policy does not allow its own ${tag}: ${hash} is not in ${policy}`);
  }
  if (/ style="/.test(text) && !policy.includes("'unsafe-inline'"))
    throw new Error('A style attribute is dropped by the policy.');
}

function bodyOf(text: string): ReplyBody {
  try {
    return JSON.parse(text) as ReplyBody;
  } catch {
    return {} as ReplyBody;
  }
}
