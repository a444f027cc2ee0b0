import { commonErrors, DomainError } from '@leasewire/contracts';
import { BadRequestException, ImATeapotException } from '@nestjs/common';
import { fromFramework, Health, isRetryable, problemOf, statusOf } from '../src/index.js';

describe('readiness', () => {
  it('is off while starting and stopping, and says why', async () => {
    const health = new Health();
    health.starting('waiting for NATS');
    expect(await health.report()).toEqual({
      ready: false,
      state: 'starting',
      checks: { service: { ok: false, reason: 'is starting: waiting for NATS' } },
    });
    health.ready();
    expect(await health.report()).toEqual({ ready: true, state: 'ready', checks: {} });
    health.stopping();
    expect(await health.report()).toMatchObject({ ready: false, checks: { service: { reason: 'is shutting down' } } });
  });

  it('names each dependency that does not answer', async () => {
    const health = new Health();
    health.ready();
    health.add('fine', () => undefined);
    health.add('away', () => Promise.reject(new Error('connection refused')));
    health.add('silent', () => new Promise(() => undefined));
    expect(await health.report()).toEqual({
      ready: false,
      state: 'ready',
      checks: {
        fine: { ok: true },
        away: { ok: false, reason: 'connection refused' },
        silent: { ok: false, reason: 'did not answer within 2000 ms' },
      },
    });
  });
});

describe('an error', () => {
  it('has the status of the one table', () => {
    for (const [code, { status }] of Object.entries(commonErrors)) expect(statusOf(code)).toBe(status);
    expect(statusOf('staff.last-owner')).toBe(409);
    expect(statusOf('nobody.knows-this')).toBe(500);
    expect([isRetryable('unavailable'), isRetryable('forbidden')]).toEqual([true, false]);
  });

  it('is told to HTTP as RFC 9457 wants it', () => {
    expect(problemOf(new DomainError('conflict.state', 'It is over.'), { correlationId: 'cor_1' })).toEqual({
      type: '/docs/errors#conflict.state',
      title: commonErrors['conflict.state'].describe,
      status: 409,
      detail: 'It is over.',
      code: 'conflict.state',
      correlationId: 'cor_1',
    });
  });

  it.each([
    [new BadRequestException('no JSON'), 'invalid-input'],
    [Object.assign(new Error('Request body is too large'), { statusCode: 413 }), 'payload-too-large'],
    [new ImATeapotException(), undefined],
    [new Error('surprise'), undefined],
    ['not even an error', undefined],
  ])('of a framework (%s) is %s', (error, code) => {
    expect(fromFramework(error)?.code).toBe(code);
  });
});
