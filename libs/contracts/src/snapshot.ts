import { z } from 'zod';
import { defineRpc } from './define.js';
import { OrgId, PropertyId } from './ids.js';

/**
 * Streams expire after weeks, history does not: whoever owns entities answers a snapshot of all of them, so that any
 * read model can be built from nothing. Items carry the version that events carry, so a reader treats both alike.
 */
export function snapshotItem<Data extends z.ZodType>(data: Data) {
  return z.object({
    entity: z.string().describe('What it is: `staff`, `role`'),
    id: z.string().describe('The aggregate, as in the `subject` of its events'),
    orgId: OrgId,
    propertyId: PropertyId.optional(),
    version: z.int().nonnegative(),
    epoch: z.int().nonnegative(),
    data,
  });
}

export const SnapshotQuery = z.object({
  limit: z.int().min(1).max(1000).default(200),
  cursor: z.string().max(2000).optional().describe('`nextCursor` of the page before'),
});
export type SnapshotQuery = z.infer<typeof SnapshotQuery>;

export function snapshotRpc<const S extends string, Data extends z.ZodType>(service: S, data: Data) {
  return defineRpc(`${service}.snapshot`, {
    does: 'query',
    input: SnapshotQuery,
    output: z.object({
      items: z.array(snapshotItem(data)),
      nextCursor: z.string().nullable(),
      position: z.int().nonnegative().describe('Every event up to here is contained; those after it are still to come'),
    }),
    errors: ['cursor.invalid'],
    permission: 'service',
    describe: `Everything ${service} owns, page by page, for building read models`,
    timeoutMs: 10_000,
  });
}
