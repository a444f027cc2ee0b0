import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setTimeout as sleep } from 'node:timers/promises';
import { repositoryRoot, startStack } from '@leasewire/testing';

/** The services that a sync needs, as processes on a mongod and a nats-server of their own, and an owner who asks. */
export async function platform(envOf = {}) {
  const unlimited = ['ADDRESS', 'CREDENTIAL', 'ORGANIZATION', 'ACCOUNT', 'SIGN_IN', 'REFUSED'].map((of) => [
    `LEASEWIRE_RATE_LIMIT_${of}`,
    '0',
  ]);
  const stack = await startStack({
    services: ['identity', 'gateway', 'directory', 'pms-sync'],
    env: { ...Object.fromEntries(unlimited), LEASEWIRE_LOG_LEVEL: 'info', LEASEWIRE_PMS_ALLOWED_HOSTS: '127.0.0.1' },
    envOf,
  });
  const env = { ...process.env, ...stack.deployment.environmentOf('identity'), LEASEWIRE_LOG_LEVEL: 'warn' };
  const { stdout } = await promisify(execFile)(process.execPath, [join(repositoryRoot(), 'apps/identity/dist/seed.js')], { env });
  const { signIns } = JSON.parse(stdout.trim().split('\n').at(-1));
  const { email, password } = signIns.find(({ role }) => role === 'owner');
  const session = { token: null };
  let keys = 0;
  /** On a busy machine a service may be late: it says so, and that the same may be asked again. */
  async function ask(method, path, body, patience = 100) {
    const key = `bench-${process.pid}-${keys++}`;
    const once = () =>
      fetch(`${stack.url}${path}`, {
        method,
        headers: {
          ...(session.token && { authorization: `Bearer ${session.token}` }),
          ...(body && { 'content-type': 'application/json' }),
          ...(method !== 'GET' && { 'if-match': '*', 'idempotency-key': key }),
        },
        ...(body && { body: JSON.stringify(body) }),
      });
    let response = await once();
    for (let n = 0; n < patience && response.status === 503; n++) {
      await sleep(500);
      response = await once();
    }
    if (response.status === 401 && session.renew) {
      await session.renew();
      response = await once();
    }
    const answer = await response.json();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${JSON.stringify(answer)}`);
    return answer;
  }
  const signIn = async () => {
    session.token = (await ask('POST', '/v1/sessions', { email, password })).accessToken;
  };
  await signIn();
  session.renew = signIn;
  return { stack, ask };
}

/** The next run of this property that was not there before, when it is over. */
export async function nextRun(ask, propertyId, known, times = Number.POSITIVE_INFINITY) {
  for (let n = 0; n < times; n++) {
    const { items } = await ask('GET', `/v1/sync-runs?propertyId=${propertyId}&limit=5`);
    const fresh = items.find(({ id, state }) => !known.has(id) && !['queued', 'running'].includes(state));
    if (fresh) {
      known.add(fresh.id);
      return fresh;
    }
    await sleep(250);
  }
  return undefined;
}
