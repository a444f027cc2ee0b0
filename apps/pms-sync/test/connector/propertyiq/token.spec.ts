import { fixedClock } from '@leasewire/testing';
import { TokenKeeper } from '../../../src/connector/propertyiq/propertyiq.token.js';
import { fakeVendor, reply } from '../fake-vendor.js';

function keeper(answer = (at: number) => reply({ access_token: `token-${at}`, expires_in: 3600 })) {
  const vendor = fakeVendor(() => answer(vendor.requests.length));
  const clock = fixedClock();
  return {
    vendor,
    clock,
    tokens: new TokenKeeper(
      'https://bay.propertyiq.com.au/oauth/access_token',
      { clientId: 'id', clientSecret: 'key' },
      vendor,
      clock,
    ),
  };
}
const echo = async (authorization: string) => reply(authorization);

describe('a token of PropertyIQ', () => {
  it('is used until shortly before it ends, by all who wait for it', async () => {
    const { tokens, vendor, clock } = keeper();
    await Promise.all([tokens.withToken(echo), tokens.withToken(echo)]);
    clock.advance({ minutes: 58 });
    expect((await tokens.withToken(echo)).text).toBe('Bearer token-1');
    clock.advance({ minutes: 1, seconds: 1 });
    expect((await tokens.withToken(echo)).text).toBe('Bearer token-2');
    expect(vendor.requests).toHaveLength(2);
  });
  it('that ended early is replaced once', async () => {
    const { tokens } = keeper();
    expect((await tokens.withToken(async (bearer) => (bearer.endsWith('1') ? reply('', 401) : reply(bearer)))).text).toBe(
      'Bearer token-2',
    );
    expect((await keeper().tokens.withToken(async () => reply('', 401))).status).toBe(401);
  });
  it.each([
    [reply({ error: 'invalid_client' }, 401), 'unauthorized'],
    [reply({ error: 'invalid_client' }, 400), 'unauthorized'],
    [reply('', 404), 'refused'],
    [reply({}), 'not-readable'],
  ])('is not there', async (answer, code) => {
    await expect(keeper(() => answer).tokens.withToken(echo)).rejects.toMatchObject({ code });
  });
});
