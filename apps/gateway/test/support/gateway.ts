import { newDeployment, startService, type Deployment } from '@leasewire/testing';
import { gateway } from '../../src/gateway.definition.js';

/** Without a database: the gateway has none. */
export const gatewayDeployment = (): Promise<Deployment> => newDeployment({ mongoUri: 'mongodb://127.0.0.1:1/' });

const unlimited = {
  LEASEWIRE_RATE_LIMIT_CREDENTIAL: '0',
  LEASEWIRE_RATE_LIMIT_ORGANIZATION: '0',
  LEASEWIRE_RATE_LIMIT_ADDRESS: '0',
  LEASEWIRE_RATE_LIMIT_SIGN_IN: '0',
  LEASEWIRE_RATE_LIMIT_ACCOUNT: '0',
  LEASEWIRE_RATE_LIMIT_REFUSED: '0',
};

export async function startGateway(deployment: Deployment, env: Readonly<Record<string, string>> = {}, logTo?: { write(line: string): void }) {
  const service = await startService(gateway, { ...unlimited, ...env }, { deployment, ...(logTo && { logTo }) });
  return { service, url: service.url ?? '' };
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly body: any; // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into it
  readonly text: string;
}

export async function ask(url: string, path: string, init: RequestInit & { token?: string; json?: unknown } = {}): Promise<Reply> {
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
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    body = undefined;
  }
  return { status: response.status, headers: response.headers, body, text };
}
