import { z } from 'zod';
import { vendors, type Vendor } from '../world/model.js';
import { quirkKinds, type QuirkKind } from './quirks.js';

const transportKinds = ['unauthorized', 'forbidden', 'rate-limited', 'broken', 'slow', 'cut', 'invalid-json'] as const;

export const FaultWish = z.strictObject({
  kind: z.enum([...transportKinds, ...quirkKinds]),
  vendor: z.enum(vendors).optional().describe('Without it: all vendors.'),
  method: z.string().optional().describe('As /control/calls names it. Without it: every method.'),
  propertyId: z.string().optional().describe('Only for calls about this property.'),
  times: z.int().positive().optional().describe('For so many calls; without it until it is cleared.'),
  after: z.int().nonnegative().default(0).describe('Let so many calls pass first.'),
  ms: z.int().nonnegative().default(2_000).describe('Of `slow`: how long the reply waits.'),
  retryAfterSeconds: z.int().nonnegative().default(2).describe('Of `rate-limited`.'),
});
export type FaultWish = z.infer<typeof FaultWish>;
export type Fault = FaultWish & { readonly id: number; met: number };

/** What goes wrong, for whom and how often. */
export class Faults {
  readonly #set: Fault[] = [];
  #lastId = 0;

  add(wish: FaultWish): Fault {
    this.#lastId += 1;
    const fault = { ...wish, id: this.#lastId, met: 0 };
    this.#set.push(fault);
    return fault;
  }

  /** All that apply to this call; each has then one call less to spoil. */
  take(vendor: Vendor, method: string, propertyId: string | null): Fault[] {
    const met = this.#set.filter((fault) => applies(fault, vendor, method, propertyId));
    for (const fault of met) fault.met += 1;
    for (const fault of this.#set.filter(isSpent)) this.#remove(fault.id);
    return met.filter((fault) => fault.met > fault.after);
  }

  list(): readonly Fault[] {
    return this.#set;
  }

  clear(id?: number): void {
    if (id === undefined) this.#set.length = 0;
    else this.#remove(id);
  }

  #remove(id: number): void {
    const at = this.#set.findIndex((fault) => fault.id === id);
    if (at >= 0) this.#set.splice(at, 1);
  }
}

function applies(fault: Fault, vendor: Vendor, method: string, propertyId: string | null): boolean {
  if (fault.vendor !== undefined && fault.vendor !== vendor) return false;
  if (fault.method !== undefined && fault.method !== method) return false;
  return fault.propertyId === undefined || fault.propertyId === propertyId;
}

function isSpent(fault: Fault): boolean {
  return fault.times !== undefined && fault.met >= fault.after + fault.times;
}

export function isQuirk(kind: string): kind is QuirkKind {
  return quirkKinds.some((one) => one === kind);
}
