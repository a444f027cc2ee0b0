import { Browser } from './support/browser.js';
import { ask, gatewayDeployment, startGateway } from './support/gateway.js';
import { password, ResidentWorld, token } from './support/resident-world.js';

let url: string;
let world: ResidentWorld;
beforeAll(async () => {
  const deployment = await gatewayDeployment();
  world = await ResidentWorld.start(deployment);
  const env = { LEASEWIRE_RATE_LIMIT_SIGN_IN: '5', LEASEWIRE_TRUSTED_PROXIES: '127.0.0.0/8' };
  url = (await startGateway(deployment, env)).url;
});

const from = (address: string) => ({ 'x-forwarded-for': address });
const guessed = (n: number) => `/activate/${String(n).padStart(43, 'g')}`;

describe('the page of an activation link', () => {
  it('opens for a whole building behind one address', async () => {
    for (let n = 0; n < 30; n++)
      expect((await ask(url, `/activate/${token}`, { headers: from('198.51.100.1') })).status).toBe(200);
  });

  it('is no place to try tokens, and stays open to who has a link', async () => {
    const open = world.activation;
    world.activation = { state: 'unknown' };
    const replies = [];
    for (let n = 0; n < 8; n++) replies.push(await ask(url, guessed(n), { headers: from('198.51.100.2') }));
    world.activation = open;
    expect(replies.map(({ status }) => status)).toEqual([404, 404, 404, 404, 404, 429, 429, 429]);
    expect(Number(replies.at(-1)!.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(replies.at(-1)!.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect((await ask(url, `/activate/${token}`, { headers: from('198.51.100.2') })).status).toBe(200);
    expect((await ask(url, guessed(9), { headers: from('198.51.100.3') })).status).toBe(200); // another address, another count
  });

  it.each(['', '/no-reminders'])('takes so many forms and no more: %s', async (action) => {
    const browser = new Browser(url, from(action === '' ? '198.51.100.4' : '198.51.100.5'));
    const statuses = [];
    for (let n = 0; n < 7; n++) {
      await browser.open(`/activate/${token}`);
      statuses.push((await browser.submit(`/activate/${token}${action}`, { password, repeated: 'another one' })).status);
    }
    expect(statuses.slice(0, 5)).not.toContain(429);
    expect(statuses.slice(5)).toEqual([429, 429]);
  });
});
