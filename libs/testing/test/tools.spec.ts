import { defineEvent, EventId, OrgId } from '@leasewire/contracts';
import { z } from 'zod';
import {
  callBy,
  capturedLogs,
  eventually,
  factOf,
  fixedClock,
  inTime,
  newOrgId,
  seededIds,
  serviceCall,
  staffActor,
  staffCall,
  systemCall,
} from '../src/index.js';

const noted = defineEvent('identity.note.noted', 1, z.object({ text: z.string() }), {
  describe: 'x',
  view: 'service',
  example: { text: 'hello' },
});

describe('eventually', () => {
  it('waits until the assertion holds, and gives what it gave', async () => {
    let tries = 0;
    expect(await eventually(() => (++tries < 4 ? false : tries))).toBe(4);
    tries = 0;
    await eventually(() => expect(++tries).toBe(3));
  });
  it('tells the last failure when it never does', async () => {
    const never = () => {
      throw new Error('still not');
    };
    await expect(eventually(never, { timeoutMs: 30, what: 'the moon' })).rejects.toThrow(
      /^the moon did not come true within \d+ ms: still not$/, // with patience it is longer
    );
  });
});

describe('a fixed clock', () => {
  it('stands still until it is moved', () => {
    const clock = fixedClock('2026-01-01T00:00:00Z');
    clock.advance({ days: 7, minutes: 1 });
    expect(clock.now()).toEqual(new Date('2026-01-08T00:01:00Z'));
    clock.set('2026-02-01T00:00:00Z');
    expect(clock.monotonicMs()).toBe(Date.parse('2026-02-01T00:00:00Z'));
  });
});

describe('seeded ids', () => {
  it('fit the schemas, ascend, and are the same each time', () => {
    const [one, same, other] = [seededIds(1), seededIds(1), seededIds(2)];
    const made = Array.from({ length: 100 }, () => one.next('org'));
    expect(made.map((id) => OrgId.parse(id))).toEqual([...made].sort());
    expect(made[0]).toBe(same.next('org'));
    expect(made).not.toContain(other.next('org'));
  });
});

describe('what is promised within a time', () => {
  const promise = (...lateMs: number[]) =>
    inTime(100, () => {
      const from = performance.now() + (lateMs.shift() ?? 0);
      return Promise.resolve(() => performance.now() >= from);
    });
  it('is kept when one of a few attempts is in time, and not when each is late', async () => {
    await promise(200, 0);
    await expect(promise(150, 150, 150, 150, 150)).rejects.toThrow(/not once within 100 ms: 1\d\d ms/);
  });
});

describe('factories', () => {
  it('make calls', () => {
    const orgId = newOrgId();
    expect(staffCall({ orgId, permissions: { 'accounts.staff': 'view' } })).toMatchObject({
      orgId,
      actor: { permissions: { 'accounts.staff': 'view' } },
    });
    expect(serviceCall('gateway', { orgId: null }).hasOrg).toBe(false);
    const actor = staffActor();
    const same = [callBy(actor, { input: { a: 1 } }), callBy(actor, { input: { a: 1 } }), callBy(actor, { input: { a: 2 } })];
    expect(new Set(same.map(({ inputHash }) => inputHash)).size).toBe(2);
    expect(systemCall('audit', orgId)).toMatchObject({ orgId, actor: 'service:audit' });
  });
  it('make facts that fit their contract', () => {
    expect(factOf(noted).data).toEqual({ text: 'hello' });
    expect(factOf(noted, { text: 'x' }, { version: 3, attempt: 2 })).toMatchObject({
      data: { text: 'x' },
      version: { version: 3 },
      attempt: 2,
    });
    expect(EventId.safeParse(factOf(noted).id).success).toBe(true);
    expect(() => factOf(noted, { text: 5 })).toThrow();
  });
});

describe('captured logs', () => {
  it('are read line by line', () => {
    const logs = capturedLogs();
    logs.write('{"level":"info","msg":"one thing"}\n');
    logs.write('not json\n{"level":"warn","msg":"another"}\n');
    expect(logs.lines).toHaveLength(2);
    expect(logs.saying('another')).toEqual([{ level: 'warn', msg: 'another' }]);
  });
});
