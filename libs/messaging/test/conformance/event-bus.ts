import { DomainError, streamOf, type EntityVersion, type Fact } from '@leasewire/contracts';
import {
  currentContext,
  ignoreOlder,
  type DeadLetterBox,
  type EventBus,
  type EventObserver,
  type Subscription,
  type SubscriptionSpec,
} from '../../src/index.js';
import { eventOf, org, otherOrg, staffInvited, staffRemoved, type recordingLog } from '../fixtures.js';
import { gate, until } from '../until.js';

export interface BusUnderTest extends EventBus {
  readonly deadLetters: DeadLetterBox;
}

export interface BusHarness {
  /** The bus as one service sees it; twice the same service are two replicas. */
  bus(service: string, observer?: EventObserver): BusUnderTest;
  /** Puts bytes into a stream as they are. */
  raw(service: string, subject: string, bytes: string): Promise<void>;
  purge(service: string): Promise<void>;
  /** Storing dead letters of a service fails until the returned function is called. */
  breakDeadLetters(service: string): Promise<() => Promise<void>>;
  readonly log: ReturnType<typeof recordingLog>;
  stop(): Promise<void>;
}

const justText: unknown = 'just text';

/** What every event bus must do; each test begins with an empty one. */
export function eventBusConformance(name: string, start: () => Promise<BusHarness>): void {
  describe(`the event bus, ${name},`, () => {
    let harness: BusHarness;
    let identity: BusUnderTest;
    let audit: BusUnderTest;
    const open: Subscription[] = [];

    beforeEach(async () => {
      harness = await start();
      identity = harness.bus('identity');
      audit = harness.bus('audit');
    });
    afterEach(async () => {
      await Promise.all(open.splice(0).map((subscription) => subscription.close(50)));
      await harness.stop();
    });

    const usual = {
      service: 'audit',
      handler: 'record',
      contracts: [staffInvited],
      stream: 'identity',
      ackWaitMs: 2000,
      backoffMs: [20],
      maxDeliver: 3,
    } satisfies SubscriptionSpec;
    async function subscribe(
      handle: (fact: Fact) => Promise<void>,
      spec: Partial<SubscriptionSpec> = {},
      on = audit,
    ): Promise<Subscription> {
      const subscription = await on.subscribe({ ...usual, ...spec }, handle);
      open.push(subscription);
      return subscription;
    }
    async function collect(spec: Partial<SubscriptionSpec> = {}, on = audit): Promise<Fact[]> {
      const facts: Fact[] = [];
      await subscribe((fact) => Promise.resolve(void facts.push(fact)), spec, on);
      return facts;
    }
    const invited = (email: string, about = {}) => eventOf(staffInvited, { email, seats: 1 }, about);
    const emails = (facts: readonly Fact[]): string[] => facts.map(({ data }) => (data as { email: string }).email);
    const letters = async () => (await audit.deadLetters.list()).items;

    describe('publishing', () => {
      it('stores events in order and says where', async () => {
        await identity.ensureStream('identity');
        const first = await identity.publish(invited('a'));
        const second = await identity.publish(invited('b'));
        expect([first, second]).toEqual([
          { seq: 1, duplicate: false },
          { seq: 2, duplicate: false },
        ]);
        expect(await identity.position('identity')).toBe(2);
      });

      it('the same event again stores nothing and says so', async () => {
        await identity.ensureStream('identity');
        const event = invited('a');
        await identity.publish(event);
        expect(await identity.publish(event)).toEqual({ seq: 1, duplicate: true });
        const facts = await collect();
        await identity.publish(invited('b'));
        await until(() => facts.length === 2);
        expect(emails(facts)).toEqual(['a', 'b']);
      });

      it('without a stream fails as unavailable: the outbox keeps the event', async () => {
        await expect(identity.publish(invited('a'))).rejects.toMatchObject({ code: 'unavailable' });
      });

      it('into a stream of one’s own is all that is allowed', async () => {
        await expect(audit.ensureStream('identity')).rejects.toMatchObject({ code: 'event-bus.foreign-stream' });
      });

      it('may begin with a stream that is there already', async () => {
        await identity.ensureStream('identity');
        await identity.publish(invited('a'));
        await harness.bus('identity').ensureStream('identity');
        expect(await identity.position('identity')).toBe(1);
      });
    });

    describe('a handler', () => {
      it('gets the whole fact, with the context of the event for its logs', async () => {
        await identity.ensureStream('identity');
        let context: unknown;
        const facts: Fact[] = [];
        await subscribe((fact) => {
          context = currentContext.getStore();
          return Promise.resolve(void facts.push(fact));
        });
        const { envelope } = invited('ana@example.com', { version: 4, epoch: 2 });
        await identity.publish({ subject: `evt.identity.staff.invited.v1.${org}`, envelope });
        await until(() => facts.length === 1);
        expect(facts[0]).toEqual({
          kind: 'fact',
          id: envelope.id,
          type: 'identity.staff.invited.v1',
          service: 'identity',
          subject: envelope.subject,
          time: new Date(envelope.time),
          orgId: org,
          correlationId: envelope.correlationid,
          actor: 'service:identity',
          version: { epoch: 2, version: 4 },
          data: { email: 'ana@example.com', seats: 1 },
          handler: 'record',
          seq: 1,
          attempt: 0,
        });
        expect(context).toMatchObject({ correlationId: envelope.correlationid, doing: 'record', orgId: org });
      });

      it('gets only the events it names, of every organization, from the beginning of the stream', async () => {
        await identity.ensureStream('identity');
        await identity.publish(invited('before'));
        await identity.publish(eventOf(staffRemoved, { email: 'removed' }));
        const facts = await collect();
        await identity.publish(invited('after', { orgId: otherOrg }));
        await until(() => facts.length === 2);
        expect(emails(facts)).toEqual(['before', 'after']);
      });

      it('that takes everything gets events it has never heard of, unread beyond the envelope', async () => {
        await identity.ensureStream('identity');
        const facts = await collect({ contracts: 'all' });
        await identity.publish(eventOf({ ...staffInvited, type: 'identity.staff.surprised.v9' }, { anything: true }));
        await until(() => facts.length === 1);
        expect(facts[0]).toMatchObject({ type: 'identity.staff.surprised.v9', data: { anything: true } });
      });

      it('that ignores what is older gets every event of one change, also a late one that is tried again', async () => {
        await identity.ensureStream('identity');
        const known = new Map<string, EntityVersion>();
        const handled: string[] = [];
        const handle = ({ type, subject, version, attempt }: Fact): Promise<void> => {
          if (attempt === 0 && type === 'identity.staff.removed.v1') return Promise.reject(new Error('not the first time'));
          if (ignoreOlder({ version }, known.get(subject))) return Promise.resolve();
          known.set(subject, version);
          handled.push(`${type} ${version.version}`);
          return Promise.resolve();
        };
        await subscribe(handle, { contracts: [staffInvited, staffRemoved] });
        const of = (version: number) => ({ subject: 'stf_1', version });
        await identity.publish(invited('old', of(2)));
        await identity.publish(eventOf(staffRemoved, { email: 'told with it' }, of(2)));
        await until(() => handled.length === 2);
        await identity.publish(invited('older', of(1)));
        await identity.publish(invited('new', of(3)));
        await until(() => handled.length === 3);
        expect(handled).toEqual(['identity.staff.invited.v1 2', 'identity.staff.removed.v1 2', 'identity.staff.invited.v1 3']);
      });

      it('gets each event once, and so does every other handler', async () => {
        await identity.ensureStream('identity');
        const one = await collect({ handler: 'one' });
        const two = await collect({ handler: 'two' });
        for (let i = 0; i < 20; i++) await identity.publish(invited(String(i)));
        await until(() => one.length === 20 && two.length === 20);
        expect(emails(one).sort()).toEqual(emails(two).sort());
      });

      it('with two replicas shares the events between them', async () => {
        await identity.ensureStream('identity');
        const here = await collect({ concurrency: 1 });
        const there = await collect({ concurrency: 1 }, harness.bus('audit'));
        for (let i = 0; i < 40; i++) await identity.publish(invited(String(i)));
        await until(() => here.length + there.length === 40);
        expect(new Set([...emails(here), ...emails(there)]).size).toBe(40);
      });

      it('that has handled an event is not given it again when it subscribes again', async () => {
        await identity.ensureStream('identity');
        const first: Fact[] = [];
        const subscription = await subscribe((fact) => Promise.resolve(void first.push(fact)));
        await identity.publish(invited('a'));
        await until(() => first.length === 1);
        await subscription.close();
        await identity.publish(invited('b'));
        const second = await collect();
        await until(() => second.length === 1);
        expect(emails(second)).toEqual(['b']);
      });

      it('may subscribe before the stream is there (missing stream at start)', async () => {
        const facts = await collect();
        await identity.ensureStream('identity');
        await identity.publish(invited('a'));
        await until(() => facts.length === 1);
      });

      it('never runs more often at once than it said', async () => {
        await identity.ensureStream('identity');
        let running = 0;
        let most = 0;
        let done = 0;
        for (let i = 0; i < 30; i++) await identity.publish(invited(String(i)));
        await subscribe(
          async () => {
            most = Math.max(most, ++running);
            await new Promise((resolve) => setTimeout(resolve, 3));
            running--;
            done++;
          },
          { concurrency: 3 },
        );
        await until(() => done === 30);
        expect(most).toBe(3);
      });

      it.each([
        ['contracts of another stream', { stream: 'audit' }],
        ['a name that is no name', { handler: 'Record it' }],
      ])('with %s is refused at once', async (_name, wrong) => {
        await expect(audit.subscribe({ ...usual, ...wrong }, () => Promise.resolve())).rejects.toMatchObject({
          code: 'event-bus.contract-mismatch',
        });
      });

      it('is observed: begun, and how it ended', async () => {
        const seen: string[] = [];
        const observer: EventObserver = {
          started: (handler) => seen.push(handler),
          finished: (handler, outcome) => seen.push(`${handler} ${outcome}`),
        };
        await identity.ensureStream('identity');
        let fail = true;
        await subscribe(
          () => {
            if (!fail) return Promise.resolve();
            fail = false;
            return Promise.reject(new Error('no'));
          },
          {},
          harness.bus('audit', observer),
        );
        await identity.publish(invited('a'));
        await until(() => seen.length === 4);
        expect(seen).toEqual(['record', 'record retried', 'record', 'record handled']);
      });
    });

    describe('a handler that fails', () => {
      it('is tried again after the back-off, not at once (bare nak)', async () => {
        await identity.ensureStream('identity');
        const at: number[] = [];
        const attempts: number[] = [];
        await subscribe(
          (fact) => {
            at.push(performance.now());
            attempts.push(fact.attempt);
            return at.length < 3 ? Promise.reject(new Error('not yet')) : Promise.resolve();
          },
          { backoffMs: [60, 120] },
        );
        await identity.publish(invited('a'));
        await until(() => at.length === 3);
        expect(attempts).toEqual([0, 1, 2]);
        expect(at[1]! - at[0]!).toBeGreaterThanOrEqual(55);
        expect(at[2]! - at[1]!).toBeGreaterThanOrEqual(115);
      });

      it('because what it needs is away waits in the process and goes on when it is back, as one try', async () => {
        await identity.ensureStream('identity');
        const tries: number[] = [];
        await subscribe(
          (fact) => {
            tries.push(fact.attempt);
            if (tries.length < 3) return Promise.reject(new DomainError('unavailable', 'The database is away.'));
            return Promise.resolve();
          },
          { backoffMs: [60_000], maxDeliver: 2 },
        );
        await identity.publish(invited('a'));
        await until(() => tries.length === 3);
        expect(new Set(tries).size).toBe(1);
        expect(await audit.deadLetters.counts()).toEqual({});
      });

      it('and is closed meanwhile gives its event back at once', async () => {
        await identity.ensureStream('identity');
        let tries = 0;
        const away = await subscribe(() => {
          tries++;
          return Promise.reject(new DomainError('unavailable', 'The database is away.'));
        });
        await identity.publish(invited('a'));
        await until(() => tries > 0);
        await away.close(3000);
        const began = tries;
        await subscribe(() => {
          tries++;
          return Promise.resolve();
        });
        await until(() => tries > began);
      });

      it('on its last try becomes a dead letter with the reason, and is not stranded (final-delivery failure)', async () => {
        await identity.ensureStream('identity');
        let tries = 0;
        await subscribe(() => {
          tries++;
          return Promise.reject(new DomainError('conflict.state', 'The house is on fire.'));
        });
        const { envelope, subject } = invited('a');
        await identity.publish({ envelope, subject });
        await until(async () => (await letters()).length === 1);
        expect(tries).toBe(3);
        expect((await letters())[0]).toEqual({
          seq: 1,
          handler: 'record',
          reason: 'failed',
          error: 'DomainError: The house is on fire.',
          attempts: 3,
          at: expect.any(String) as string,
          stream: streamOf('identity'),
          subject,
          streamSeq: 1,
          eventId: envelope.id,
          correlationId: envelope.correlationid,
        });
        expect(JSON.parse((await audit.deadLetters.show(1)).body)).toEqual(envelope);
        expect(harness.log.has('gave up on an event')).toBe(true);
      });

      it('does not hold up other events while it waits, even one at a time (poison message)', async () => {
        await identity.ensureStream('identity');
        const handled: string[] = [];
        await subscribe(
          (fact) => {
            const [email] = emails([fact]);
            if (email?.startsWith('poison')) return Promise.reject(new Error('no'));
            return Promise.resolve(void handled.push(email!));
          },
          { concurrency: 1, backoffMs: [60_000] },
        );
        for (const email of ['poison', 'poison too', 'a', 'b', 'c']) await identity.publish(invited(email));
        await until(() => handled.length === 3);
        expect(handled).toEqual(['a', 'b', 'c']);
      });

      it.each([
        [
          'that throws at once',
          () => {
            throw new Error('at once');
          },
        ],
        ['that rejects with no error', () => Promise.reject(justText)],
      ])('%s is handled like any other', async (_name, handle) => {
        await identity.ensureStream('identity');
        await subscribe(handle);
        await identity.publish(invited('a'));
        await until(async () => (await letters()).length === 1);
      });

      it('keeps its event when the dead letter cannot be stored (DLQ unavailable)', async () => {
        await identity.ensureStream('identity');
        let tries = 0;
        await subscribe(
          () => {
            tries++;
            return Promise.reject(new Error('no'));
          },
          { maxDeliver: 2 },
        );
        const mend = await harness.breakDeadLetters('audit');
        await identity.publish(invited('a'));
        await until(() => harness.log.has('a dead letter could not be stored'), 15_000);
        expect(tries).toBeGreaterThanOrEqual(2);
        await mend();
        await until(async () => (await letters()).length === 1, 15_000);
      }, 40_000);
    });

    describe('a message nobody can read', () => {
      const subject = `evt.identity.staff.invited.v1.${org}`;
      const good = eventOf(staffInvited, { email: 'a', seats: 1 }).envelope;
      it.each([
        ['is not JSON', 'undecodable', subject, '{"specversion":'],
        ['is no envelope', 'invalid-envelope', subject, '{"hello":"world"}'],
        ['belongs on another organization’s subject', 'invalid-envelope', subject, JSON.stringify({ ...good, orgid: otherOrg })],
        [
          'comes from another service than its type says',
          'invalid-envelope',
          subject,
          JSON.stringify({ ...good, source: '/leasewire/audit' }),
        ],
        [
          'is of another type than its subject says',
          'invalid-envelope',
          subject,
          JSON.stringify({ ...good, type: 'identity.staff.removed.v1' }),
        ],
        ['does not fit its contract', 'invalid-data', subject, JSON.stringify({ ...good, data: { email: 7 } })],
      ])('because it %s is a dead letter at once (undecodable, not terminated)', async (_name, reason, on, bytes) => {
        await identity.ensureStream('identity');
        const handle = jest.fn();
        await subscribe(handle);
        await harness.raw('identity', on, bytes);
        await until(async () => (await letters()).length === 1);
        expect((await letters())[0]).toMatchObject({ reason, attempts: 1, handler: 'record' });
        expect((await audit.deadLetters.show(1)).body).toBe(bytes);
        expect(handle).not.toHaveBeenCalled();
      });
    });

    describe('dead letters', () => {
      let fails: boolean;
      let facts: Fact[];
      let others: Fact[];
      beforeEach(async () => {
        fails = true;
        facts = [];
        await identity.ensureStream('identity');
        await subscribe(
          (fact) => {
            facts.push(fact);
            return fails ? Promise.reject(new Error('broken')) : Promise.resolve();
          },
          { maxDeliver: 2, backoffMs: [10] },
        );
        others = await collect({ handler: 'other' });
        for (const email of ['a', 'b', 'c']) await identity.publish(invited(email));
        await until(async () => (await letters()).length === 3);
        facts.length = 0;
        fails = false;
      });

      it('are listed by handler, page by page, and counted', async () => {
        const first = await audit.deadLetters.list({ limit: 2 });
        const rest = await audit.deadLetters.list({ limit: 2, after: first.nextAfter! });
        expect([...first.items, ...rest.items].map(({ seq }) => seq)).toEqual([1, 2, 3]);
        expect(rest.nextAfter).toBeNull();
        expect((await audit.deadLetters.list({ handler: 'other' })).items).toEqual([]);
        expect(await audit.deadLetters.counts()).toEqual({ record: 3 });
      });

      it('one is replayed to the handler that failed and to no other, with its tries counted anew', async () => {
        const [letter] = await letters();
        expect(await audit.deadLetters.replay({ seq: letter!.seq })).toEqual({ replayed: 1 });
        await until(() => facts.length === 1);
        expect(facts[0]).toMatchObject({ id: letter!.eventId, attempt: 0, seq: letter!.streamSeq, handler: 'record' });
        expect((await letters()).map(({ seq }) => seq)).toEqual([2, 3]);
        await identity.publish(invited('d'));
        await until(() => others.length === 4);
        expect(emails(others).sort()).toEqual(['a', 'b', 'c', 'd']);
      });

      it('of a handler are replayed all at once; one that fails again is a new letter', async () => {
        fails = true;
        expect(await audit.deadLetters.replay({ handler: 'record' })).toEqual({ replayed: 3 });
        await until(() => facts.length === 6);
        await until(async () => (await letters()).length === 3);
        expect((await letters()).map(({ attempts }) => attempts)).toEqual([2, 2, 2]);
        fails = false;
        expect(await audit.deadLetters.replay({ handler: 'record' })).toEqual({ replayed: 3 });
        await until(() => facts.length === 9);
        expect(await audit.deadLetters.counts()).toEqual({});
      });

      it('are dropped one by one or all of a handler', async () => {
        expect(await audit.deadLetters.drop({ seq: 2 })).toEqual({ dropped: 1 });
        expect((await letters()).map(({ seq }) => seq)).toEqual([1, 3]);
        expect(await audit.deadLetters.drop({ handler: 'record' })).toEqual({ dropped: 2 });
        expect(await letters()).toEqual([]);
      });

      it.each(['show', 'replay', 'drop'] as const)('that are not there cannot be found to %s', async (what) => {
        const asked = what === 'show' ? audit.deadLetters.show(99) : audit.deadLetters[what]({ seq: 99 });
        await expect(asked).rejects.toMatchObject({ code: 'not-found' });
      });
    });

    describe('closing', () => {
      it('awaits what has begun and begins nothing more', async () => {
        await identity.ensureStream('identity');
        const held = gate();
        const began: string[] = [];
        const subscription = await subscribe(
          async (fact) => {
            began.push(...emails([fact]));
            await held.promise;
          },
          { concurrency: 1 },
        );
        await identity.publish(invited('a'));
        await identity.publish(invited('b'));
        await until(() => began.length === 1);
        let closed = false;
        const closing = subscription.close().then(() => (closed = true));
        await new Promise((resolve) => setTimeout(resolve, 30));
        expect(closed).toBe(false);
        held.open();
        await closing;
        expect(began).toEqual(['a']);
      });

      it('leaves what was not begun to another replica at once (prefetched messages at shutdown)', async () => {
        await identity.ensureStream('identity');
        const held = gate();
        let began = 0;
        const busy = await subscribe(
          async () => {
            began++;
            await held.promise;
          },
          { concurrency: 1, ackWaitMs: 30_000 },
        );
        for (const email of ['a', 'b', 'c', 'd']) await identity.publish(invited(email));
        await until(() => began === 1);
        const closing = busy.close();
        const rest = await collect({ concurrency: 1, ackWaitMs: 30_000 }, harness.bus('audit'));
        await until(() => rest.length === 3);
        held.open();
        await closing;
        expect(emails(rest).sort()).toEqual(['b', 'c', 'd']);
      });

      it('waits no longer than its deadline, and the event comes again', async () => {
        await identity.ensureStream('identity');
        let began = 0;
        const held = gate();
        const hung = await subscribe(
          async () => {
            began++;
            await held.promise;
            throw new Error('too late');
          },
          { ackWaitMs: 300 },
        );
        await identity.publish(invited('a'));
        await until(() => began === 1);
        await hung.close(20);
        const again = await collect({ ackWaitMs: 300 }, harness.bus('audit'));
        held.open();
        await until(() => again.length === 1);
      });
    });
  });
}
