import { DomainError } from '@leasewire/contracts';
import { capturedLogs, connectAs, eventually, startService, suiteDeployment } from '@leasewire/testing';
import { Controller, Get, Module } from '@nestjs/common';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { CONFIG, Logger, ProblemFilter, type RunningService, type ServiceDefinition } from '../src/index.js';

@Controller('things')
class Things {
  static release: () => void = () => undefined;
  static waiting = false;

  @Get('fine')
  fine() {
    return { fine: true };
  }
  @Get('slow')
  async slow() {
    Things.waiting = true;
    await new Promise<void>((resolve) => (Things.release = resolve));
    return { slow: true };
  }
  @Get('refused')
  refused() {
    throw new DomainError('sign-in.throttled', 'Wait a little.', {
      retryAfterSeconds: 2.5,
      fields: [{ path: 'a', message: 'b' }],
      now: 3,
    });
  }
  @Get('broken')
  broken() {
    throw new Error('password=hunter22 did not work');
  }
}

@Module({ controllers: [Things] })
class WebModule {}

const closed: string[] = [];
const web: ServiceDefinition = {
  name: 'gateway',
  module: WebModule,
  database: false,
  http: {
    adapter: () => new FastifyAdapter({ bodyLimit: 1000 }),
    setup: (app) => {
      app.useGlobalFilters(new ProblemFilter(app.get(Logger)));
    },
    beforeClose: () => {
      closed.push('streams');
    },
  },
};

describe('a service with an HTTP interface and no database', () => {
  const logs = capturedLogs();
  let service: RunningService;
  beforeAll(async () => {
    service = await startService(web, {}, { logTo: logs });
  });
  const get = async (path: string) => {
    const response = await fetch(`${service.url}${path}`);
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      retryAfter: response.headers.get('retry-after'),
      body: (await response.json()) as Record<string, unknown>,
    };
  };

  it('answers on its own port, and health and metrics on the other', async () => {
    expect(await get('/things/fine')).toMatchObject({ status: 200, body: { fine: true } });
    expect((await get('/metrics')).status).toBe(404);
    const ready = await (await fetch(`${service.opsUrl}/health/ready`)).json();
    expect(ready).toEqual({ ready: true, state: 'ready', checks: { nats: { ok: true } } });
    expect(service.get<{ LEASEWIRE_PORT: number }>(CONFIG).LEASEWIRE_PORT).toBe(0);
  });

  it('says what it refuses as problem+json', async () => {
    expect(await get('/things/refused?secret=1')).toEqual({
      status: 429,
      type: 'application/problem+json; charset=utf-8', // Fastify says it of every text
      retryAfter: '3',
      body: {
        type: '/docs/errors#sign-in.throttled',
        title: expect.stringContaining('Too many attempts') as string,
        status: 429,
        detail: 'Wait a little.',
        code: 'sign-in.throttled',
        instance: '/things/refused',
        correlationId: expect.any(String) as string,
        fields: [{ path: 'a', message: 'b' }],
        details: { retryAfterSeconds: 2.5, now: 3 },
      },
    });
  });

  it('also what the framework refuses', async () => {
    expect(await get('/no/such/route')).toMatchObject({ status: 404, body: { code: 'not-found', status: 404 } });
  });

  it('tells nothing of a surprise but the number under which the log has it', async () => {
    const { status, body } = await get('/things/broken');
    expect({ status, body }).toMatchObject({ status: 500, body: { code: 'internal' } });
    expect(JSON.stringify(body)).not.toContain('did not work');
    expect(logs.lines.find(({ correlationId }) => correlationId === body.correlationId)).toMatchObject({
      level: 'error',
      err: { message: 'password=[redacted] did not work', stack: expect.stringContaining('http.it.spec') as string },
    });
  });

  it('tells that NATS is away, and recovers by itself', async () => {
    const { nats } = await suiteDeployment();
    await connectAs('gateway'); // another client of the same broker changes nothing
    const ready = async () => ((await (await fetch(`${service.opsUrl}/health/ready`)).json()) as { checks: object }).checks;
    await nats.stop('SIGKILL');
    await eventually(async () => expect(await ready()).toEqual({ nats: { ok: false, reason: 'NATS is away; reconnecting' } }));
    expect(await get('/things/fine')).toMatchObject({ status: 200 });
    await nats.start();
    await eventually(async () => expect(await ready()).toEqual({ nats: { ok: true } }));
  });

  it('finishes the request it is at when it stops, and keeps no idle connection waiting', async () => {
    await get('/things/fine');
    const inFlight = get('/things/slow');
    await eventually(() => Things.waiting);
    const closing = service.close();
    await eventually(() => expect(closed).toEqual(['streams']));
    await expect(fetch(`${service.url}/things/fine`)).rejects.toThrow();
    Things.release();
    expect(await inFlight).toMatchObject({ status: 200, body: { slow: true } });
    await closing;
  });
});
