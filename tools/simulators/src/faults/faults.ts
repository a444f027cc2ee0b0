import { z } from 'zod';
import { vendors, type Vendor } from '../world/model.js';
import { FaultList, type Placed } from './fault-list.js';
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
export type Fault = Placed<FaultWish>;

/** What goes wrong at the vendors. */
export class Faults extends FaultList<FaultWish> {
  meeting(vendor: Vendor, method: string, propertyId: string | null): Fault[] {
    return this.take((fault) => applies(fault, vendor, method, propertyId));
  }
}

function applies(fault: FaultWish, vendor: Vendor, method: string, propertyId: string | null): boolean {
  if (fault.vendor !== undefined && fault.vendor !== vendor) return false;
  if (fault.method !== undefined && fault.method !== method) return false;
  return fault.propertyId === undefined || fault.propertyId === propertyId;
}

export function isQuirk(kind: string): kind is QuirkKind {
  return quirkKinds.some((one) => one === kind);
}
