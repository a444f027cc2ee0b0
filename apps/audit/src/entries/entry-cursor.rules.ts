import { createHash } from 'node:crypto';
import { AuditEntryId, DomainError } from '@leasewire/contracts';
import { z } from 'zod';
import type { Asked } from './entry-filter.rules.js';

/** Where a page ended. */
export interface Position {
  readonly at: Date;
  readonly _id: AuditEntryId;
}

/** A cursor belongs to the question that it continues. */
export interface Question extends Asked {
  readonly orgId: string;
  readonly sort: 'at' | '-at';
}

const Content = z.tuple([z.string(), z.int(), AuditEntryId]);

export function cursorAfter(question: Question, { at, _id }: Position): string {
  return Buffer.from(JSON.stringify([hashOf(question), at.getTime(), _id])).toString('base64url');
}

export function positionOf(question: Question, cursor: string): Position {
  const content = Content.safeParse(parsed(cursor)).data;
  if (content?.[0] !== hashOf(question))
    throw new DomainError(
      'cursor.invalid',
      'This cursor is not one that this list with this filter and order gave out; begin again without it.',
    );
  return { at: new Date(content[1]), _id: content[2] };
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

function hashOf({ orgId, sort, actor, entity, propertyId, type, correlationId, from, until, text }: Question): string {
  const question = JSON.stringify([orgId, sort, actor, entity, propertyId, type, correlationId, from, until, text]);
  return createHash('sha256').update(question).digest('base64url').slice(0, 12);
}
