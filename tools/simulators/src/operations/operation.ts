import { z } from 'zod';
import type { Customer, Lease, Property, Unit } from '../world/model.js';
import type { World } from '../world/world.js';

/** Something the control API can do to the world; answers with the ids that a test needs next. */
export interface Operation {
  readonly about: string;
  readonly schema: z.ZodType;
  run(world: World, body: unknown): unknown;
}

export function operation<Shape extends z.ZodType>(
  about: string,
  schema: Shape,
  run: (world: World, body: z.infer<Shape>) => unknown,
): Operation {
  return { about, schema, run: (world, body) => run(world, schema.parse(body)) };
}

/** What was asked cannot be done in this world; the message says why. */
export class Impossible extends Error {}

export const Day = z.iso.date();
export const Id = z.union([z.string(), z.number().transform(String)]);
export const Person = z.strictObject({
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  preferred: z.string().nullable().optional(),
  email: z.string().nullable().optional(),
  phone: z.string().nullable().optional(),
});

export function lease(world: World, id: string): Lease {
  return known(world.leases.get(id), 'lease', id);
}

export function unit(world: World, id: string): Unit {
  return known(world.units.get(id), 'unit', id);
}

export function customer(world: World, id: string): Customer {
  return known(world.customers.get(id), 'customer', id);
}

export function property(world: World, id: string): Property {
  return known(world.properties.get(id), 'property', id);
}

function known<T>(found: T | undefined, what: string, id: string): T {
  if (found === undefined) throw new Impossible(`There is no ${what} ${id}.`);
  return found;
}
