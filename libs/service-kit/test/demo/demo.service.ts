import { defineEvent, defineRpc, OrgId, snapshotRpc, type ParsedInputOf } from '@leasewire/contracts';
import { OnEvent, Rpc, serveSnapshot, type Call, type EventBus, type ReadModel, type SnapshotItem } from '@leasewire/messaging';
import type { Fact } from '@leasewire/contracts';
import { defineCollection, tenantDoc, TenantRepository, Database, UnitOfWork } from '@leasewire/persistence';
import { Controller, Inject, Injectable, Module } from '@nestjs/common';
import { z } from 'zod';
import { defineCommand, defineReadModel, EVENT_BUS, variable, type ServiceDefinition } from '../../src/index.js';

/** A small service of everything: state, an event, its handler, calls. It plays audit, whose place in NATS it takes. */
export const noted = defineEvent('audit.note.noted', 1, z.object({ text: z.string() }), {
  describe: 'Someone noted something.',
  view: 'service',
  example: { text: 'hello' },
});
export const note = defineRpc('audit.note', {
  does: 'command',
  input: z.object({ text: z.string().min(1) }),
  output: z.object({ id: z.string(), version: z.int() }),
  permission: 'member',
  describe: 'Note something.',
});
export const readNotes = defineRpc('audit.read-notes', {
  does: 'query',
  input: z.object({}),
  output: z.object({ texts: z.array(z.string()), seen: z.array(z.string()) }),
  permission: 'member',
  describe: 'What was noted, and what the handler saw.',
});
export const fail = defineRpc('audit.fail', {
  does: 'command',
  input: z.object({}),
  output: z.object({}),
  permission: 'member',
  describe: 'Fails in a way nobody expects.',
});
export const slow = defineRpc('audit.slow', {
  does: 'query',
  input: z.object({}),
  output: z.object({ waited: z.boolean() }),
  permission: 'member',
  describe: 'Answers when the test lets it.',
  timeoutMs: 10_000,
});

export const demoSnapshot = snapshotRpc('audit', z.object({ text: z.string() }));

const notes = defineCollection('notes', tenantDoc.extend({ text: z.string(), seen: z.boolean() }), { scope: 'org' });

/** Where handlers wait until a test opens it. */
export class Gate {
  #open: () => void = () => undefined;
  waiting = 0;
  finished = 0;
  #passed = new Promise<void>((resolve) => (this.#open = resolve));

  open(): void {
    this.#open();
  }

  async pass(): Promise<void> {
    this.waiting++;
    await this.#passed;
    this.finished++;
  }
}

/** Whose notes the snapshot is of. */
export const harbour = OrgId.parse('org_01jd3k8x9e7m2q4r5s6t7v8w9y');

export const gates = { rpc: new Gate(), event: new Gate() };

@Injectable()
export class Notes {
  readonly #notes: TenantRepository<typeof notes>;

  constructor(
    @Inject(Database) db: Database,
    @Inject(UnitOfWork) private readonly work: UnitOfWork,
  ) {
    this.#notes = new TenantRepository(db, notes);
  }

  note(call: Call, text: string) {
    return this.work.run(call, async (tx) => {
      const doc = await this.#notes.insert(tx, { _id: `note_${text}`, orgId: call.orgId, text, seen: false });
      tx.publish(noted, { text }, doc);
      return { id: doc._id, version: doc.version };
    });
  }

  async see(fact: Fact<typeof noted>): Promise<void> {
    await this.work.run(fact, async (tx) => {
      const doc = await this.#notes.get({ orgId: fact.orgId, _id: `note_${fact.data.text}` }, { tx });
      await this.#notes.save(tx, { ...doc, seen: true });
    });
  }

  after(id: string | null, limit: number) {
    return this.#notes.find({ orgId: harbour, ...(id !== null && { _id: { $gt: id } }) }, { sort: { _id: 1 }, limit });
  }

  async all(orgId: OrgId) {
    const found = await this.#notes.find({ orgId });
    return { texts: found.map(({ text }) => text), seen: found.filter(({ seen }) => seen).map(({ text }) => text) };
  }
}

@Controller()
class NotesRpc {
  constructor(@Inject(Notes) private readonly notes: Notes) {}

  @Rpc(note)
  note({ text }: { text: string }, call: Call) {
    return this.notes.note(call, text);
  }
  @Rpc(readNotes)
  read(_input: object, call: Call) {
    return this.notes.all(call.orgId);
  }
  @Rpc(fail)
  fail(): Promise<Record<string, never>> {
    return Promise.reject(new Error('mongodb://root:hunter22@db/ said no'));
  }
  @Rpc(slow)
  async slow() {
    await gates.rpc.pass();
    return { waited: true };
  }
  @OnEvent(noted, { durable: 'see-notes' })
  async see(fact: Fact<typeof noted>): Promise<void> {
    if (fact.data.text.startsWith('slow')) await gates.event.pass();
    await this.notes.see(fact);
  }
}

@Controller()
class DemoSnapshotRpc {
  readonly #serve: ReturnType<typeof serveSnapshot<{ text: string }>>;

  constructor(@Inject(Notes) notes: Notes, @Inject(EVENT_BUS) bus: EventBus) {
    const page = async (cursor: string | undefined, limit: number) => {
      const docs = await notes.after(cursor ?? null, limit);
      const items = docs.map(({ _id: id, orgId, version, text }) => ({ id, orgId, version, epoch: 0, data: { text } }));
      return { items, nextCursor: docs.length < limit ? null : (docs.at(-1)?._id ?? null) };
    };
    this.#serve = serveSnapshot({ position: () => bus.position('audit'), sources: [{ entity: 'note', page }] });
  }

  @Rpc(demoSnapshot)
  snapshot(query: ParsedInputOf<typeof demoSnapshot>) {
    return this.#serve(query);
  }
}

/** What the demo keeps of the notes of the service that it plays itself. */
@Injectable()
export class NotesHeard implements ReadModel<{ text: string }> {
  static readonly texts: string[] = [];

  begin(): Promise<void> {
    NotesHeard.texts.length = 0;
    return Promise.resolve();
  }
  apply(items: readonly SnapshotItem<{ text: string }>[]): Promise<void> {
    NotesHeard.texts.push(...items.map(({ data }) => data.text));
    return Promise.resolve();
  }
}

@Module({ controllers: [NotesRpc, DemoSnapshotRpc], providers: [Notes, NotesHeard] })
class DemoModule {}

export const demo: ServiceDefinition = {
  name: 'audit',
  module: DemoModule,
  collections: [notes],
  readModels: [defineReadModel('notes-heard', demoSnapshot, NotesHeard)],
  config: z.object({ LEASEWIRE_DEMO_GREETING: variable(z.string().default('hello'), { describe: 'What the demo says first' }) }),
  commands: [
    defineCommand({
      name: 'greet',
      describe: 'Says hello.',
      args: z.object({ name: z.string(), loud: z.boolean().default(false) }),
      run: (context, { name, loud }) => {
        context.print(loud ? `HELLO ${name.toUpperCase()}` : `hello ${name}`);
        return Promise.resolve();
      },
    }),
  ],
};
