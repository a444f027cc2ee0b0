import { capturedLogs, connectAs, eventually, newDeployment, staffActor, startService } from '@leasewire/testing';
import { demo, gates, note, readNotes, slow } from './demo/demo.service.js';

describe('a service that is asked to stop', () => {
  it('turns unready, finishes the call and the event it is at, and lets go of its tools only then', async () => {
    const logs = capturedLogs();
    const service = await startService(demo, {}, { logTo: logs });
    const gateway = await connectAs('gateway');
    const actor = staffActor();
    await gateway.call(actor, note, { text: 'slow-one' });
    const inFlight = gateway.call(actor, slow, {}, { timeoutMs: 15_000 });
    await eventually(() => gates.rpc.waiting === 1 && gates.event.waiting === 1);

    const closing = service.close();
    await eventually(async () => {
      const response = await fetch(`${service.opsUrl}/health/ready`);
      expect(response.status).toBe(503);
      expect(await response.json()).toMatchObject({
        ready: false,
        state: 'stopping',
        checks: { service: { reason: 'is shutting down' } },
      });
    });
    // nobody new is answered, the one that waits still is
    await eventually(async () => {
      await expect(gateway.call(actor, readNotes, {}, { timeoutMs: 300 })).rejects.toMatchObject({
        code: expect.stringMatching(/unavailable|timeout/) as string,
      });
    });
    expect(gates.rpc.finished + gates.event.finished).toBe(0);
    gates.event.open();
    gates.rpc.open();
    expect(await inFlight).toEqual({ waited: true });
    await closing;
    expect(logs.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
    expect(logs.lines.at(-1)).toMatchObject({ msg: 'stopped' });

    // the event was committed and acknowledged: the next process sees its effect and does not get it again
    const again = await startService(demo);
    await eventually(async () =>
      expect(await gateway.call(actor, readNotes, {})).toEqual({ texts: ['slow-one'], seen: ['slow-one'] }),
    );
    expect(gates.event.waiting).toBe(1);
    await again.close();
  });

  it('may be asked twice, and stops once', async () => {
    const service = await startService(demo, {}, { deployment: await newDeployment() });
    await Promise.all([service.close(), service.close()]);
    await expect(fetch(`${service.opsUrl}/health/live`)).rejects.toThrow();
  });
});
