import { DomainError, type SnapshotQuery, type OrgId, type PropertyId, type RpcContract } from '@leasewire/contracts';
import { z } from 'zod';
import type { CallOptions, RpcCaller } from './rpc-client.js';

/** One entity with the version its events carry, so that a reader treats snapshot and event alike. */
export interface SnapshotItem<Data = unknown> {
  readonly entity: string;
  readonly id: string;
  readonly orgId: OrgId;
  readonly propertyId?: PropertyId | undefined;
  readonly version: number;
  readonly epoch: number;
  readonly data: Data;
}

export interface SnapshotPage<Data> {
  items: SnapshotItem<Data>[];
  nextCursor: string | null;
  position: number;
}

/** One kind of entity, in a stable order; the cursor is the source's own, usually the last id. */
export interface SnapshotSource<Data> {
  readonly entity: string;
  page(
    cursor: string | undefined,
    limit: number,
  ): Promise<{ items: readonly Omit<SnapshotItem<Data>, 'entity'>[]; nextCursor: string | null }>;
}

export interface SnapshotServing<Data> {
  /** Where the stream of the service stands: `() => bus.position('identity')`. */
  position(): Promise<number>;
  readonly sources: readonly SnapshotSource<Data>[];
}

/**
 * Answers `rpc.<service>.snapshot`. The position is taken before the first page is read: an event at or before it was
 * published after its state was committed, so the pages contain it; any other is still to come on the stream.
 */
export function serveSnapshot<Data>(serving: SnapshotServing<Data>): (query: SnapshotQuery) => Promise<SnapshotPage<Data>> {
  return async ({ limit, cursor }) => {
    const at = cursor === undefined ? { position: await serving.position(), source: 0 } : parseCursor(cursor);
    const source = serving.sources[at.source];
    if (!source) throw noSuchCursor();
    const page = await source.page(at.inner, limit);
    return {
      items: page.items.map((item) => ({ ...item, entity: source.entity })),
      nextCursor: nextCursor(at, page.nextCursor, serving.sources.length),
      position: at.position,
    };
  };
}

/** What is built from a snapshot and kept up by events. */
export interface ReadModel<Data> {
  /** Empties it, or opens a new one beside it. */
  begin?(): Promise<void>;
  /** Keeps each item that is newer than what it has, by the same function that handles the events. */
  apply(items: readonly SnapshotItem<Data>[]): Promise<void>;
  /** Removes what was not among the items, or puts the new one in place. */
  end?(): Promise<void>;
}

export interface Rebuilding<Data> {
  readonly caller: RpcCaller;
  readonly contract: RpcContract<typeof SnapshotQuery, z.ZodType<SnapshotPage<Data>>>;
  /** Made anew for each page: an assertion lives a minute, a rebuild may take longer. */
  readonly via: () => CallOptions;
  readonly model: ReadModel<Data>;
  readonly pageSize?: number;
}

/**
 * Builds a read model from what its owner has, whatever is left of the stream. Events may go on being handled meanwhile:
 * versions decide, so none is lost and none is undone.
 */
export async function rebuild<Data>({
  caller,
  contract,
  via,
  model,
  pageSize = 200,
}: Rebuilding<Data>): Promise<{ items: number; position: number }> {
  await model.begin?.();
  let items = 0;
  let cursor: string | undefined;
  for (;;) {
    const page = await caller.call(contract, { limit: pageSize, ...(cursor !== undefined && { cursor }) }, via());
    await model.apply(page.items);
    items += page.items.length;
    if (page.nextCursor === null) {
      await model.end?.();
      return { items, position: page.position };
    }
    cursor = page.nextCursor;
  }
}

const Cursor = z.object({ position: z.int().nonnegative(), source: z.int().nonnegative(), inner: z.string().optional() });
type Cursor = z.infer<typeof Cursor>;

function nextCursor({ position, source }: Cursor, inner: string | null, sources: number): string | null {
  const next = inner !== null ? { position, source, inner } : source + 1 < sources ? { position, source: source + 1 } : undefined;
  return next ? Buffer.from(JSON.stringify(next)).toString('base64url') : null;
}

function parseCursor(cursor: string): Cursor {
  try {
    return Cursor.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw noSuchCursor();
  }
}

const noSuchCursor = (): DomainError =>
  new DomainError('cursor.invalid', 'This is no cursor of this snapshot. Begin again without one.');
