import { currentContext, newNkey } from '@leasewire/messaging';
import fc from 'fast-check';
import { Logger, redact, redactText } from '../src/index.js';

/** Letters and digits only where the form demands it; otherwise anything that such a secret can hold. */
const plain = fc.stringMatching(/^[A-Za-z0-9]{12,24}$/).map((text) => `Zq${text}`);
const wild = fc.string({ minLength: 4, maxLength: 16, unit: 'binary-ascii' }).map((text) => `Zq7${text}Xv9`);
const base64 = fc.uint8Array({ minLength: 24, maxLength: 40 }).map((bytes) => Buffer.from(bytes).toString('base64url'));

const secretKeys = [
  'password', 'newPassword', 'secret', 'clientSecret', 'token', 'refresh_token', 'accessToken', 'authorization', 'Authorization', 'cookie', 'set-cookie', 'psk', 'wifiPsk',
  'passphrase', 'apiKey', 'api_key', 'x-api-key', 'seed', 'LEASEWIRE_NKEY_SEED', 'totp', 'totpSecret', 'recoveryCodes', 'privateKey', 'pmk', 'credentials', 'assertion', 'activationLink', 'wifiKey',
]; // prettier-ignore

interface Planted {
  /** What is put somewhere. */
  readonly value: unknown;
  /** What may not come out. */
  readonly needle: string;
}
const planted = (value: unknown, needle: string): Planted => ({ value, needle });

/** Under a telling key, whatever the value looks like. */
const underKey = fc.tuple(fc.constantFrom(...secretKeys), wild, fc.nat(5)).map(([key, secret, form]) => {
  const value = [secret, [secret], { inner: secret }, [[{ deep: [secret] }]], new Map([['x', secret]]), new Set([secret])][form];
  return planted({ [key]: value }, secret);
});
const seeds = Array.from({ length: 5 }, () => newNkey().seed);
const refreshToken = (secret: string) => `ses_01jd3k8x9e7m2q4r5s6t7v8w9y.${secret}.q0Zt5v8Yx2Lw4Rk1Nf7Hb3`;
const recoveryCode = '7h2k-0wxp-m4tz-93fa';
/** The same as somebody else types it. */
const typed = '7H2K0WXPM4TZ93FA';
/** In a text, in one of the forms that give themselves away. */
const inText = fc
  .tuple(
    plain,
    base64,
    fc.constantFrom('token', 'access_token', 'password', 'apiKey', 'key_secret', 'passphrase'),
    fc.nat(26),
    fc.constantFrom(...seeds),
  )
  .map(([secret, encoded, name, form, nkey]) => {
    const jwt = `${Buffer.from(`{"sub":"${secret}"}`).toString('base64url')}.${encoded}`;
    const forms: [string, string][] = [
      [`mongodb://root:${secret}@10.0.0.1:27017,10.0.0.2/db?replicaSet=rs0`, secret],
      [`mongodb+srv://root:p@ss/${secret}@cluster.example/`, secret],
      [`https://${secret}@host.example/path`, secret],
      [`nats://user:${secret}@127.0.0.1:4222`, secret],
      [`GET /v1/things?${name}=${secret}&limit=5`, secret],
      [`https://x.example/cb#${name}=${secret}`, secret],
      [`Authorization: Bearer ${secret}`, secret],
      [`sent bearer ${encoded} to it`, encoded],
      [`Basic ${Buffer.from(`ana:${secret}`).toString('base64')}`, Buffer.from(`ana:${secret}`).toString('base64')],
      [`Cookie: a=1; lw_refresh=${secret}; b=2`, secret],
      [nkey, nkey.slice(2, 40)],
      [`the seed ${nkey}, twice`, nkey.slice(2, 40)],
      [`token ${jwt} is no good`, encoded],
      [`sealed:k1:${encoded}`, encoded],
      [JSON.stringify({ a: [{ [name]: secret }] }), secret],
      [JSON.stringify({ body: JSON.stringify({ [name]: `${secret} "quoted" ${secret}` }) }), secret],
      [`lw_${secret}${secret}`, secret.slice(4) + secret],
      [`open https://console.example/staff-link/${encoded} now`, encoded],
      [`${refreshToken(encoded)} was used again`, encoded],
      [`leasewire-session=${refreshToken(encoded)}`, encoded],
      [`__Host-leasewire-device=${secret}; Path=/`, secret],
      [`GET /u/${encoded} 404`, encoded],
      [`to /my/look/${encoded}, said`, encoded],
      [`the code ${recoveryCode} is not one of theirs`, recoveryCode],
      [JSON.stringify({ input: { email: 'ana@example.com', code: '493021' } }), '493021'],
      [`POST /v1/sessions code=${typed}`, typed],
      [JSON.stringify({ body: JSON.stringify({ code: typed }) }), typed],
    ];
    return planted(...forms[form]!);
  });
/** Typed by somebody to prove who they are, under the name that errors have for theirs. */
const underCode = fc
  .constantFrom('493021', ' 493021', recoveryCode, typed, recoveryCode.replaceAll('-', ' '))
  .map((code) => planted({ code }, code.trim()));
const anySecret = fc.oneof(underKey, underCode, inText);

/** Puts a value somewhere inside of a bigger one. */
const wrapped = fc
  .tuple(anySecret, fc.array(fc.nat(9), { maxLength: 5 }), fc.jsonValue({ maxDepth: 2 }))
  .map(([secret, path, beside]) => {
    const value = path.reduce<unknown>((inner, form) => wrap(inner, form, beside), secret.value);
    return planted(value, secret.needle);
  });
function wrap(inner: unknown, form: number, beside: unknown): unknown {
  switch (form) {
    case 0:
      return [beside, inner, beside];
    case 1:
      return { beside, inner };
    case 2:
      return new Error('it broke', { cause: inner });
    case 3:
      return Object.assign(new Error('it broke'), { details: { inner }, code: 'x.y' });
    case 4:
      return new AggregateError([inner, new Error('another')], 'several');
    case 5:
      return new Map([['inner', inner]]);
    case 6:
      return typeof inner === 'string' ? new Error(`it said ${inner} and left`) : { inner };
    case 7:
      return typeof inner === 'string' ? `before ${inner} after` : [inner];
    case 8:
      return { toJSON: () => inner };
    default:
      return new (class Thing {
        inner = inner;
      })();
  }
}

describe('no secret reaches the log', () => {
  function logged(write: (logger: Logger) => void): string {
    let text = '';
    const logger = Logger.create({ service: 'demo', level: 'trace', destination: { write: (line) => (text += line) } });
    write(logger);
    return text;
  }
  /** As it is, and as JSON writes it. */
  const holds = (text: string, needle: string): boolean =>
    text.includes(needle) || text.includes(JSON.stringify(needle).slice(1, -1));

  it('wherever in the fields it is', () => {
    fc.assert(
      fc.property(wrapped, fc.constantFrom('trace', 'info', 'warn', 'error', 'fatal'), ({ value, needle }, level) => {
        const text = logged((logger) => {
          logger[level as 'info']({ value, err: value instanceof Error ? value : undefined }, 'something happened');
        });
        expect(text).toContain('something happened');
        expect(holds(text, needle)).toBe(false);
      }),
      { numRuns: 1500 },
    );
  });

  it('nor in a message, a context, or an error given as the fields', () => {
    fc.assert(
      fc.property(inText, ({ value, needle }) => {
        const text = logged((logger) => {
          logger.info({}, `heard: ${String(value)}`);
          logger.error(new Error(String(value)), 'as it is');
          currentContext.run({ correlationId: 'cor_1', doing: String(value) }, () => {
            logger.warn({}, 'in a context');
          });
        });
        expect(holds(text, needle)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('nor a configured secret of any form, wherever it turns up', () => {
    fc.assert(
      fc.property(wild, (secret) => {
        let text = '';
        const logger = Logger.create({ service: 'demo', hidden: [secret], destination: { write: (line) => (text += line) } });
        logger.info({ deep: [{ note: `a ${secret} b` }], [secret]: 1 }, `said ${secret}`);
        expect(holds(text, secret)).toBe(false);
      }),
      { numRuns: 200 },
    );
  });
});

describe('what is no secret stays readable', () => {
  it.each([
    ['file:///work/node_modules/@nestjs/core/injector.js:12:3'],
    ['identity.staff.invited.v1 for org_01jd3k8x9e7m2q4r5s6t7v8w9y took 12 ms'],
    ['GET http://127.0.0.1:3000/v1/residents?limit=50&sort=name 200'],
    ['cannot read properties of undefined (reading: x)'],
    ['mongodb://127.0.0.1:27017/?replicaSet=rs0'],
    ['Basic information is missing'],
    ['exited with code=137, code: ECONNREFUSED, {"code":"session.ended"}, code=21610'],
    ['019ac1de-5a3f-7c11-9b0e-1f2a3b4c5d6e is the run, ses_01jd3k8x9e7m2q4r5s6t7v8w9y. The session'],
  ])('%s', (text) => {
    expect(redactText(text)).toBe(text);
  });

  it.each([
    [{ apiKeyId: 'key_01jd3k8x9e7m2q4r5s6t7v8w9y' }],
    [{ tokenExpiresAt: new Date(0) }],
    [{ passwordChangedAt: 5, twoFactor: true, hasPassword: true, token: null }],
    [{ upskill: 'yes', footprint: 3, ping: 1 }],
    [{ causes: [{ code: 'conflict.state' }, { code: 11000 }, { code: 'ECONNRESET' }] }],
  ])('%j', (value) => {
    expect(redact(value)).toEqual(JSON.parse(JSON.stringify(value)));
  });

  it('names and values in turn, as raw headers are', () => {
    expect(redact(['host', 'x.example', 'Authorization', 'Digest abc'])).toEqual([
      'host',
      'x.example',
      'Authorization',
      '[redacted]',
    ]);
    expect(redact([{ name: 'password', value: 'hunter2' }])).toEqual([{ name: 'password', value: '[redacted]' }]);
    expect(redact(new Headers({ cookie: 'a=b', accept: 'x' }))).toEqual({ accept: 'x', cookie: '[redacted]' });
  });
});

describe('what cannot be printed', () => {
  it('is told in a word', () => {
    const loop: Record<string, unknown> = { name: 'loop' };
    loop['self'] = loop;
    const hostile = {
      get boom(): string {
        throw new Error('no');
      },
    };
    expect(
      redact({
        loop,
        big: 5n,
        fn: () => 1,
        bytes: Buffer.from('abc'),
        hostile,
        proto: JSON.parse('{"__proto__":{"x":1}}') as unknown,
      }),
    ).toEqual({
      loop: { name: 'loop', self: '[circular]' },
      big: '5',
      fn: '[function]',
      bytes: '[3 bytes]',
      hostile: '[unreadable: Error: no]',
      proto: expect.anything() as unknown,
    });
  });

  it('is cut when it is endless', () => {
    const long = redact({ text: 'x'.repeat(20_000), list: Array.from({ length: 1000 }, (_, i) => i) });
    expect(JSON.stringify(long).length).toBeLessThan(10_000);
  });

  it('takes no time to speak of, whatever the text', () => {
    const hard = [
      ':'.repeat(12_000),
      'a='.repeat(6_000),
      'token'.repeat(2_400),
      '"\\'.repeat(6_000),
      'password:['.repeat(1_200),
      'a '.repeat(6_000),
      `${'http://'.repeat(1_700)}@`,
      'a:b@'.repeat(3000),
    ];
    const startedAt = performance.now();
    for (const text of hard) redactText(text);
    expect(performance.now() - startedAt).toBeLessThan(1500);
  });
});
