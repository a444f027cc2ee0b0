import type { RpcContract, SnapshotQuery } from '@leasewire/contracts';
import { Assertions, newId, rebuild, RpcClient, type ReadModel, type SnapshotPage } from '@leasewire/messaging';
import { z } from 'zod';
import { UsageError } from './command-line.js';
import { defineCommand, type Command, type CommandContext } from './command.js';
import type { Token } from './tokens.js';

/** What a service knows of another by its events, and can know again from the owner’s snapshot. */
export interface ReadModelDefinition {
  /** In kebab case, after what it holds: `people`. */
  readonly name: string;
  build(context: CommandContext): Promise<{ items: number; position: number }>;
}

/**
 * Named in the service’s definition, it can be rebuilt by command, whatever is left of the owner’s stream. The model applies
 * snapshot items by the function that handles the events, so versions decide and handling may go on meanwhile.
 */
export function defineReadModel<Data>(
  name: string,
  contract: RpcContract<typeof SnapshotQuery, z.ZodType<SnapshotPage<Data>>>,
  model: Token<ReadModel<Data>>,
): ReadModelDefinition {
  return {
    name,
    build: (context) => {
      const assertions = context.get(Assertions);
      const correlationId = newId('cor');
      return rebuild({
        caller: context.get(RpcClient),
        contract,
        via: () => ({ assertion: assertions.forService(null), correlationId }),
        model: context.get(model),
      });
    },
  };
}

export function rebuildCommand(models: readonly ReadModelDefinition[]): Command {
  const names = models.map(({ name }) => name).join(', ');
  return defineCommand({
    name: 'rebuild',
    describe: `Builds what this service knows of others anew, from what they have: ${names}. The owner must be running.`,
    args: z.object({ model: z.string().optional().describe('One of them; all when left out') }),
    run: async (context, { model }) => {
      const chosen = models.filter(({ name }) => model === undefined || name === model);
      if (chosen.length === 0) throw new UsageError(`There is no “${model}” to rebuild. There is: ${names}.`);
      for (const one of chosen) {
        const { items, position } = await one.build(context);
        context.print(`${one.name}: ${items} taken over; as of position ${position} of the owner’s events.`);
      }
    },
  });
}
