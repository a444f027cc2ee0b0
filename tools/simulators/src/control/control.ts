import { z } from 'zod';
import { FaultWish } from '../faults/faults.js';
import type { Backstage } from '../http/vendor-server.js';
import { Impossible } from '../operations/operation.js';
import { operations } from '../operations/operations.js';
import { vendors } from '../world/model.js';
import type { World } from '../world/world.js';
import { stateOf } from './state.js';

export interface Stage extends Backstage {
  readonly world: World;
  /** Begins again: the same seed or another, the same number of people or another. */
  reset(wish: { seed?: number | undefined; residents?: number | undefined; today?: string | undefined }): void;
  setClock(now: Date | null): void;
}

export interface ControlReply {
  readonly status: number;
  readonly body: unknown;
}

const Reset = z.strictObject({
  seed: z.int().optional(),
  residents: z.int().min(1).max(200_000).optional(),
  today: z.iso.date().optional(),
});
const Limits = z.partialRecord(z.enum(vendors), z.string());
const Clock = z.strictObject({ now: z.iso.datetime().nullable() });

/** `/control/…`: what tests and the page do to the world. */
export function control(stage: Stage, verb: string, path: string, query: URLSearchParams, text: string): ControlReply {
  const [name = '', id] = path.replace(/^\/control\/?/, '').split('/');
  try {
    const body: unknown = text === '' ? {} : JSON.parse(text);
    return verb === 'GET' ? tell(stage, name, query) : act(stage, verb, name, id, body);
  } catch (error) {
    if (error instanceof Impossible) return { status: 409, body: { error: error.message } };
    if (error instanceof z.ZodError) return { status: 400, body: { error: z.prettifyError(error) } };
    if (error instanceof SyntaxError) return { status: 400, body: { error: error.message } };
    throw error;
  }
}

function tell(stage: Stage, name: string, query: URLSearchParams): ControlReply {
  const { world } = stage;
  const only = { vendor: query.get('vendor'), propertyId: query.get('propertyId') };
  const answers: Readonly<Record<string, () => unknown>> = {
    state: () => stateOf(world, only),
    summary: () => summary(stage),
    faults: () => stage.faults.list(),
    limits: () => stage.limits.limits,
    calls: () => Object.fromEntries(stage.calls),
    '': () => help(),
  };
  const answer = answers[name];
  return answer === undefined ? missing(name) : { status: 200, body: answer() };
}

function act(stage: Stage, verb: string, name: string, id: string | undefined, body: unknown): ControlReply {
  const done = (result: unknown): ControlReply => ({ status: 200, body: result });
  if (name === 'faults' && verb === 'DELETE') {
    stage.faults.clear(id === undefined ? undefined : Number(id));
    return done({ faults: stage.faults.list() });
  }
  if (verb !== 'POST') return missing(`${verb} ${name}`);
  if (name === 'faults') return done(stage.faults.add(FaultWish.parse(body)));
  if (name === 'limits') {
    stage.limits.set(Limits.parse(body));
    return done(stage.limits.limits);
  }
  if (name === 'clock') {
    const { now } = Clock.parse(body);
    stage.setClock(now === null ? null : new Date(now));
    return done({ now });
  }
  if (name === 'reset') {
    stage.reset(Reset.parse(body));
    return done({ today: stage.world.today, seed: stage.world.seed });
  }
  const operation = operations[name];
  return operation === undefined ? missing(name) : done(operation.run(stage.world, body));
}

function missing(name: string): ControlReply {
  return { status: 404, body: { error: `There is no ${name}; GET /control lists what there is.` } };
}

function summary({ world, faults }: Stage) {
  const properties = [...world.properties.values()].map(({ id, vendor, kind, name }) => {
    const leases = world.leasesOf(id);
    const statuses: Record<string, number> = {};
    for (const { status } of leases) statuses[status] = (statuses[status] ?? 0) + 1;
    return { id, vendor, kind, name, units: world.unitsOf(id).length, leases: statuses };
  });
  return { seed: world.seed, today: world.today, customers: world.customers.size, properties, faults: faults.list() };
}

function help() {
  return Object.fromEntries(
    Object.entries(operations).map(([name, { about, schema }]) => [
      name,
      { about, body: z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) },
    ]),
  );
}
