import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deadLetterRpcs, jobRpcs } from '@leasewire/contracts';
import { capturedLogs, connectAs, eventually, newOrgId, startService, staffActor, suiteDeployment } from '@leasewire/testing';
import type { RunningService } from '../src/index.js';
import { demo, fail, note, readNotes } from './demo/demo.service.js';

const get = async (url: string) => {
  const response = await fetch(url);
  return { status: response.status, text: await response.text() };
};

describe('a service', () => {
  const logs = capturedLogs();
  let service: RunningService;
  beforeAll(async () => {
    service = await startService(demo, { LEASEWIRE_LOG_LEVEL: 'debug' }, { logTo: logs });
  });

  it('answers calls, stores, publishes, and handles its events', async () => {
    const gateway = await connectAs('gateway');
    const actor = staffActor();
    expect(await gateway.call(actor, note, { text: 'first' })).toEqual({ id: 'note_first', version: 1 });
    await eventually(async () => expect(await gateway.call(actor, readNotes, {})).toEqual({ texts: ['first'], seen: ['first'] }));
  });

  it('shows one organization nothing of another', async () => {
    const gateway = await connectAs('gateway');
    expect(await gateway.call(staffActor({ orgId: newOrgId() }), readNotes, {})).toEqual({ texts: [], seen: [] });
  });

  it('says that it is live, ready, and how it does', async () => {
    expect(await get(`${service.opsUrl}/health/live`)).toMatchObject({ status: 200 });
    const ready = await get(`${service.opsUrl}/health/ready`);
    expect({ ...ready, text: JSON.parse(ready.text) as unknown }).toEqual({
      status: 200,
      text: { ready: true, state: 'ready', checks: { nats: { ok: true }, mongodb: { ok: true } } },
    });
    const metrics = await get(`${service.opsUrl}/metrics`);
    expect(metrics.text).toMatch(/leasewire_rpc_server_seconds_count\{service="audit",method="audit.note",outcome="ok"\} 1/);
    expect(metrics.text).toMatch(/leasewire_events_handled_seconds_count\{[^}]*outcome="handled"/);
    expect(metrics.text).toMatch(/leasewire_event_lag_seconds_count\{[^}]*\} 1/);
    expect(metrics.text).toMatch(/leasewire_outbox_events\{service="audit"\} 0/);
    expect(metrics.text).toMatch(/leasewire_up\{dependency="mongodb",service="audit"\} 1/);
  });

  it('has a README that names each of its metrics', async () => {
    const metrics = await get(`${service.opsUrl}/metrics`);
    const names = [...metrics.text.matchAll(/^# TYPE (leasewire_\w+)/gm)].map(([, name]) => name ?? '');
    const readme = readFileSync(join(__dirname, '../README.md'), 'utf8');
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !readme.includes(name))).toEqual([]);
  });

  it('tells a caller of a surprise only its number, and the log everything but secrets', async () => {
    const gateway = await connectAs('gateway');
    await expect(gateway.call(staffActor(), fail, {}, { correlationId: 'cor_surprise' })).rejects.toMatchObject({
      code: 'internal',
      message: expect.not.stringContaining('said no') as string,
    });
    const [line] = logs.lines.filter(({ level, correlationId }) => level === 'error' && correlationId === 'cor_surprise');
    expect(line).toMatchObject({ service: 'audit', err: { message: 'mongodb://[redacted]@db/ said no' } });
    expect(logs.text).not.toContain('hunter22');
  });

  it('answers about jobs and dead letters without a line of its own', async () => {
    const gateway = await connectAs('gateway');
    expect(await gateway.call(staffActor(), jobRpcs('audit').listJobs, {})).toEqual({ items: [], nextCursor: null });
    const letters = await gateway.rpc.call(
      deadLetterRpcs('audit').list,
      {},
      {
        assertion: gateway.assertions.forService(null),
        correlationId: 'cor_1',
      },
    );
    expect(letters).toEqual({ items: [], nextAfter: null });
  });

  it('lives in the time of its deployment', async () => {
    const { clock } = await suiteDeployment();
    clock.advance({ days: 7 });
    const gateway = await connectAs('gateway');
    expect(await gateway.call(staffActor(), note, { text: 'a week later' })).toMatchObject({ version: 1 });
  });

  it('logs one line when it is ready', () => {
    expect(logs.saying('ready').filter(({ msg }) => msg === 'ready')).toEqual([
      expect.objectContaining({ level: 'info', opsUrl: service.opsUrl, bootMs: expect.any(Number) as number }),
    ]);
  });
});
