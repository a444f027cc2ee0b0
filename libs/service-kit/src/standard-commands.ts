import { DomainError } from '@leasewire/contracts';
import { DeadLetters, systemClock } from '@leasewire/messaging';
import { bumpEpoch, checkIndexes, Database, Relay, rotateSecrets, SecretBox } from '@leasewire/persistence';
import { z } from 'zod';
import { UsageError } from './command-line.js';
import { defineCommand, type Command, type CommandContext } from './command.js';
import type { ServiceDefinition } from './definition.js';
import { Logger } from './logger.js';
import { SERVICE } from './tokens.js';

/** What can be done to every service that owns data, without its author writing a line. */
const nothing = z.object({});
const seq = z.coerce.number().int().positive();
const oneOrAll = z.object({
  seq: seq.optional().describe('One of them, by its number'),
  handler: z.string().optional().describe('All of one handler'),
});

const definitionOf = (context: CommandContext): ServiceDefinition => context.get<ServiceDefinition>(SERVICE);
const show = (value: unknown): string => JSON.stringify(value, null, 2);

function chosen({ seq: number, handler }: z.output<typeof oneOrAll>): { seq: number } | { handler: string } {
  if (number !== undefined) return { seq: number };
  if (handler !== undefined) return { handler };
  throw new UsageError('Say which: --seq <number> for one, or --handler <name> for all of a handler.');
}

export const standardCommands: readonly Command[] = [
  defineCommand({
    name: 'migrate',
    describe: 'Makes indexes and runs migrations, as every start does; for deployments that want it done beforehand.',
    args: nothing,
    run: (context) => {
      context.print('The database is up to date.'); // booting did it
      return Promise.resolve();
    },
  }),
  defineCommand({
    name: 'indexes check',
    describe: 'Compares the declared indexes with those of the database.',
    args: nothing,
    run: async (context) => {
      const report = await checkIndexes(context.get(Database), definitionOf(context).collections ?? []);
      context.print(show(report));
      const wrong = report.missing.length + report.changed.length;
      if (wrong > 0) throw new DomainError('conflict.state', `${wrong} indexes are not as declared. “migrate” makes them.`);
    },
  }),
  defineCommand({
    name: 'secrets rotate',
    describe: 'Seals every secret anew with the first key of LEASEWIRE_SECRET_KEYS. Afterwards the old keys can be removed.',
    args: nothing,
    run: async (context) => {
      const report = await rotateSecrets(
        context.get(Database),
        definitionOf(context).collections ?? [],
        context.get(SecretBox),
        context.get(Logger),
      );
      context.print(show(report));
      const { length } = report.failed;
      if (length > 0)
        throw new DomainError(
          'conflict.state',
          `${length} secrets do not open with any key: keep the old keys, and look into them.`,
        );
    },
  }),
  defineCommand({
    name: 'epoch bump',
    describe: 'After restoring the database from a backup, while the service is stopped: tells readers that versions begin anew.',
    args: nothing,
    run: async (context) => {
      const epoch = await bumpEpoch(context.get(Database), definitionOf(context).name, systemClock);
      context.print(`The epoch is now ${epoch}. Start the service, and rebuild read models of its data.`);
    },
  }),
  defineCommand({
    name: 'dead-letters list',
    describe: 'What handlers of this service could not handle, oldest first.',
    args: z.object({
      handler: z.string().optional(),
      after: z.coerce.number().int().nonnegative().default(0),
      limit: z.coerce.number().int().min(1).max(500).default(100),
    }),
    run: async (context, { handler, ...page }) => {
      context.print(show(await context.get(DeadLetters).list({ ...page, ...(handler !== undefined && { handler }) })));
    },
  }),
  defineCommand({
    name: 'dead-letters show',
    describe: 'One of them with the message itself.',
    args: z.object({ seq }),
    run: async (context, args) => {
      context.print(show(await context.get(DeadLetters).show(args.seq)));
    },
  }),
  defineCommand({
    name: 'dead-letters replay',
    describe: 'Gives them to the handler that failed, once more from the first try. The service must be running.',
    args: oneOrAll,
    run: async (context, args) => {
      const { replayed } = await context.get(DeadLetters).replay(chosen(args));
      context.print(`${replayed} replayed.`);
    },
  }),
  defineCommand({
    name: 'dead-letters drop',
    describe: 'Forgets them for good.',
    args: oneOrAll,
    run: async (context, args) => {
      const { dropped } = await context.get(DeadLetters).drop(chosen(args));
      context.print(`${dropped} dropped.`);
    },
  }),
  defineCommand({
    name: 'events parked',
    describe: 'Events that cannot be published and were put aside, with the reason.',
    args: nothing,
    run: async (context) => {
      const rows = await context.get(Relay).parked();
      context.print(show(rows));
    },
  }),
  defineCommand({
    name: 'events unpark',
    describe: 'Gives parked events another chance.',
    args: z.object({ id: z.string().optional().describe('One of them; all when left out') }),
    run: async (context, { id }) => {
      const count = await context.get(Relay).unpark(id === undefined ? 'all' : [id]);
      context.print(`${count} will be published again.`);
    },
  }),
];
