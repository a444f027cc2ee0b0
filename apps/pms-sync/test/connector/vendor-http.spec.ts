import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { testConnection } from '@leasewire/contracts';
import { systemClock, type Log } from '@leasewire/messaging';
import { fixedClock, onCleanUp } from '@leasewire/testing';
import { whileSomebodyWaits } from '../../src/connection/connection.service.js';
import type { VendorReply } from '../../src/connector/connector.js';
import { connectorOf } from '../../src/connector/connectors.js';
import { MemoryRateLedger } from '../../src/connector/rate-limit/memory-rate-ledger.js';
import { checkVendorUrl, isPublicAddress } from '../../src/connector/vendor-address.rules.js';
import { VendorError } from '../../src/connector/vendor-error.js';
import { createVendorHttp, type VendorHttpOptions } from '../../src/connector/vendor-http.js';
import type { Transport } from '../../src/connector/vendor-transport.js';
import { reply } from './fake-vendor.js';

const policy = { allowedHosts: [] };

describe('whom we ask', () => {
  it.each([
    ['http://pms.example.com', /https/],
    ['ftp://pms.example.com', /https/],
    ['https://user:pass@pms.example.com', /user name/],
    ['https://127.0.0.1/x', /not an address on the public internet/],
    ['https://[::1]/x', /not an address/],
    ['https://[::ffff:10.0.0.1]/x', /not an address/],
    ['https://2130706433/', /not an address/],
    ['https://0x7f.1/', /not an address/],
    ['https://169.254.169.254/latest/meta-data', /not an address/],
    ['https://localhost', /not an address/],
    ['https://mongodb.internal', /not an address/],
    ['https://nats', /not an address/],
    ['no address', /not an address such as/],
  ])('not %s', (url, message) => {
    expect(() => checkVendorUrl(url, policy)).toThrow(message);
  });
  it('public https addresses, and what the deployment names', () => {
    expect(checkVendorUrl('https://apis.entrata.com/x', policy).host).toBe('apis.entrata.com');
    expect(checkVendorUrl('http://127.0.0.1:4010/x', { allowedHosts: ['127.0.0.1'] }).port).toBe('4010');
  });
  it.each([
    ['8.8.8.8', true],
    ['10.1.2.3', false],
    ['100.64.0.1', false],
    ['192.168.1.1', false],
    ['0.0.0.0', false],
    ['fe80::1', false],
    ['fd00::1', false],
    ['64:ff9b::7f00:1', false],
    ['2606:4700::1111', true],
  ])('%s is public: %s', (address, expected) => {
    expect(isPublicAddress(address)).toBe(expected);
  });
});

const lines: string[] = [];
const note = (fields: object, message: string) => void lines.push(JSON.stringify({ ...fields, message }));
const log: Log = { debug: note, info: note, warn: note, error: note };

function doorTo(transport: Transport, more: Partial<VendorHttpOptions> = {}) {
  const clock = fixedClock();
  const slept: number[] = [];
  const sleep = async (ms: number) => {
    slept.push(ms);
    clock.advance({ ms });
  };
  const http = createVendorHttp({
    lane: 'con_1',
    ledger: new MemoryRateLedger(),
    policy,
    clock,
    log,
    transport,
    sleep,
    jitter: () => 0.5,
    ...more,
  });
  return { http, clock, slept };
}
const ask = {
  method: 'POST' as const,
  url: 'https://apis.entrata.com/x?token=secret-1',
  headers: { 'x-api-key': 'secret-2' },
  body: 'secret-3',
  what: 'the leases',
};
const inTurn = (...answers: (VendorReply | Error)[]): Transport => {
  let at = 0;
  return async () => {
    const answer = answers[Math.min(at++, answers.length - 1)]!;
    if (answer instanceof Error) throw answer;
    return answer;
  };
};
const networkError = (code: string) => Object.assign(new Error('connect 10.9.8.7 secret-4'), { code });

describe('the door tries again', () => {
  it('after a fault of the network and of the vendor, later each time', async () => {
    const { http, slept } = doorTo(inTurn(networkError('ECONNRESET'), reply('', 503), reply('fine')));
    expect(await http.request(ask)).toMatchObject({ text: 'fine' });
    expect(slept).toEqual([375, 750]);
  });
  it('four times, and then says what it was', async () => {
    await expect(doorTo(inTurn(networkError('ECONNREFUSED'))).http.request(ask)).rejects.toMatchObject({
      code: 'unreachable',
      vendorCode: 'ECONNREFUSED',
    });
  });
  it.each([
    ['ENOTFOUND', 'address'],
    ['CERT_HAS_EXPIRED', 'address'],
    ['ERR_INVALID_CHAR', 'credentials'],
  ])('not after %s', async (code, field) => {
    const { http, slept } = doorTo(inTurn(networkError(code)));
    await expect(http.request(ask)).rejects.toMatchObject({ field });
    expect(slept).toEqual([]);
  });
  it('not after a redirect, and does not follow it', async () => {
    await expect(doorTo(inTurn(reply('', 302, { location: 'http://169.254.169.254' }))).http.request(ask)).rejects.toMatchObject({
      code: 'refused',
      field: 'address',
    });
  });
  it('after a 429 when the vendor says, and not before', async () => {
    const { http, slept } = doorTo(inTurn(reply('', 429, { 'retry-after': '7' }), reply('fine')));
    expect(await http.request(ask)).toMatchObject({ text: 'fine' });
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBe(7000);
  });
  it('not when that is later than it may wait', async () => {
    await expect(doorTo(inTurn(reply('', 429, { 'retry-after': '3600' }))).http.request(ask)).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterMs: 3_600_000,
    });
  });
  it('and waits for the next window before it is refused', async () => {
    const empty = {
      'x-ratelimit-limit': '100/hour;1/minute',
      'x-ratelimit-remaining': '99/hour;0/minute',
      'x-ratelimit-reset': '3000;20',
    };
    const { http, slept } = doorTo(inTurn(reply('', 200, empty), reply('fine')));
    await http.request(ask);
    await http.request(ask);
    expect(slept.reduce((sum, ms) => sum + ms, 0)).toBe(20_000);
  });
});

describe('for somebody who waits', () => {
  /** Each request takes so long, or does not end before it is given up. */
  const slowVendor = (ms: number, answer: VendorReply) => {
    const clock = fixedClock();
    const begun = clock.monotonicMs();
    const transport: Transport = async ({ timeoutMs, what }) => {
      clock.advance({ ms: Math.min(ms, timeoutMs) });
      if (ms >= timeoutMs) throw new VendorError('timeout', `The host did not answer in time (${what}).`);
      return answer;
    };
    const sleep = async (pause: number) => {
      clock.advance({ ms: pause });
    };
    const { http } = doorTo(transport, { ...whileSomebodyWaits, clock, sleep });
    return { http, clock, tookMs: () => clock.monotonicMs() - begun };
  };
  const connectionOver = ({ http, clock }: ReturnType<typeof slowVendor>) =>
    connectorOf('entrata').open({ settings: { subdomain: 'harbour' }, credentials: { apiKey: 'secret-5' }, http, clock, log });

  it.each([
    ['never answers', 600_000, reply('{}'), 'unreachable'],
    ['has an error of its own, and takes long for it', 5500, reply('', 503), 'unreachable'],
    ['answers slowly', 5500, reply({ response: { code: 200, result: {} } }), 'property-not-permitted'],
  ])('a vendor who %s is a diagnosis in plain words, before their call ends', async (_name, ms, answer, code) => {
    const vendor = slowVendor(ms, answer);
    const diagnosis = await connectionOver(vendor).test();
    expect(diagnosis).toMatchObject({ ok: false, code });
    if (code === 'unreachable') expect(diagnosis.message).toMatch(/^Entrata does not answer at the moment. Check the subdomain/);
    expect(vendor.tookMs()).toBeLessThan(testConnection.timeoutMs - 4000);
  });

  it('all requests together end in time, whatever each of them takes', async () => {
    const vendor = slowVendor(5500, reply('fine'));
    const request = () => vendor.http.request(ask);
    for (let n = 0; n < 4; n++) expect(await request()).toMatchObject({ text: 'fine' });
    await expect(request()).rejects.toMatchObject({ code: 'timeout' });
    expect(vendor.tookMs()).toBeLessThanOrEqual(25_001);
  });
});

it('one request of a credential at a time', async () => {
  let now = 0;
  let most = 0;
  const slowly: Transport = async () => {
    most = Math.max(most, ++now);
    await new Promise((resolve) => setTimeout(resolve, 5));
    now -= 1;
    return reply('fine');
  };
  const http = createVendorHttp({
    lane: 'con_1',
    ledger: new MemoryRateLedger(),
    policy,
    clock: systemClock,
    log,
    transport: slowly,
  });
  await Promise.all([1, 2, 3, 4].map(() => http.request(ask)));
  expect(most).toBe(1);
});

it('while the vendor thinks the turn is held anew, so that whoever dies in the middle keeps others waiting for seconds only', async () => {
  jest.useFakeTimers();
  try {
    const ledger = new MemoryRateLedger();
    const [taken, kept] = [jest.spyOn(ledger, 'take'), jest.spyOn(ledger, 'keep')];
    const thinking: Transport = () => new Promise((resolve) => setTimeout(() => resolve(reply('fine')), 50_000));
    const answer = doorTo(thinking, { ledger }).http.request(ask);
    await jest.advanceTimersByTimeAsync(50_000);
    expect(await answer).toMatchObject({ text: 'fine' });
    const [{ holdMs, holder }] = taken.mock.calls[0]!;
    expect(holdMs).toBeLessThanOrEqual(10_000);
    expect(kept.mock.calls.length).toBeGreaterThan((2 * 50_000) / holdMs);
    expect(new Set(kept.mock.calls.map(([turn]) => turn.holder))).toEqual(new Set([holder]));
    const asked = kept.mock.calls.length;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(kept).toHaveBeenCalledTimes(asked);
  } finally {
    jest.useRealTimers();
  }
});

describe('over a real connection', () => {
  async function serverOf(handle: (incoming: IncomingMessage, outgoing: ServerResponse) => void) {
    const server = createServer(handle);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onCleanUp(async () => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/leases?token=secret-1`;
  }
  const door = (more: Partial<VendorHttpOptions> = {}) =>
    createVendorHttp({
      lane: 'con_1',
      ledger: new MemoryRateLedger(),
      policy: { allowedHosts: ['127.0.0.1'] },
      clock: systemClock,
      log,
      attempts: 1,
      ...more,
    });

  it('text comes unpacked, with its headers', async () => {
    const url = await serverOf((_incoming, outgoing) =>
      outgoing.setHeader('content-encoding', 'gzip').setHeader('x-total-count', '3').end(gzipSync('grüezi')),
    );
    const answer = await door().request({ ...ask, url });
    expect([answer.status, answer.text, answer.headers.get('X-Total-Count')]).toEqual([200, 'grüezi', '3']);
  });
  it.each<[string, (incoming: IncomingMessage, outgoing: ServerResponse) => void, string]>([
    ['an answer without end', (_in, out) => void setInterval(() => out.write('x'.repeat(20_000)), 1).unref(), 'too-large'],
    [
      'a small archive of something large',
      (_in, out) => void out.setHeader('content-encoding', 'gzip').end(gzipSync('x'.repeat(5_000_000))),
      'too-large',
    ],
    [
      'an answer that is cut',
      (_in, out) => void out.writeHead(200, { 'content-length': '100' }).write('{"a":', () => out.destroy()),
      'unreachable',
    ],
    ['a vendor that never answers', () => undefined, 'timeout'],
    ['a vendor that answers a letter a minute', (_in, out) => void out.write('{'), 'timeout'],
    ['an archive that is none', (_in, out) => void out.setHeader('content-encoding', 'gzip').end('no archive'), 'not-readable'],
  ])('%s', async (_name, handle, code) => {
    const url = await serverOf(handle);
    const timeoutMs = code === 'timeout' ? 300 : 10_000;
    await expect(door({ maxBytes: 100_000, timeoutMs }).request({ ...ask, url })).rejects.toMatchObject({ code });
  });
  it('an address that is not allowed is not connected to', async () => {
    const url = await serverOf((_incoming, outgoing) => outgoing.end('inside'));
    await expect(door({ policy }).request({ ...ask, url: url.replace('http:', 'https:') })).rejects.toMatchObject({
      field: 'address',
    });
  });
});

it('nothing of a credential was logged by all of this', () => {
  expect(lines.length).toBeGreaterThan(5);
  expect(lines.join('\n')).not.toMatch(/secret-/);
});
