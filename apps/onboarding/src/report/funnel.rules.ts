import type { FunnelRow } from '@leasewire/contracts';
import type { z } from 'zod';
import type { Member } from '../account/member.rules.js';
import type { Standing } from '../account/standing.rules.js';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

export interface Course {
  readonly standing: Standing;
  readonly members: readonly Member[];
  readonly firstInvitedAt: Date | null;
  readonly mail: { readonly state: string } | null;
  readonly bounced: boolean;
  readonly opened: boolean;
}
type Row = z.output<typeof FunnelRow>;
interface Property {
  readonly _id: Row['propertyId'];
  readonly name: string;
}

/** One reading of the accounts of a property. */
export class Funnel {
  readonly #row: Row;
  readonly #days: number[] = [];

  constructor(
    private readonly property: Property,
    private readonly now: Date,
  ) {
    this.#row = {
      propertyId: property._id,
      name: property.name,
      pendingImport: 0,
      imported: 0,
      missingEmail: 0,
      invited: 0,
      delivered: 0,
      bounced: 0,
      opened: 0,
      live: 0,
      notInvited: 0,
      pendingActivation: 0,
      activationExpired: 0,
      expiringIn48Hours: 0,
      medianDaysToLive: null,
    };
  }

  add(account: Course): void {
    const member = account.members.find(({ propertyId, state }) => propertyId === this.property._id && state !== 'archived');
    if (member === undefined) return;
    if (member.state === 'pending-import') this.#row.pendingImport += 1;
    else this.#addImported(account, member);
  }

  get row(): Row {
    return { ...this.#row, medianDaysToLive: medianOf(this.#days) };
  }

  #addImported({ standing, firstInvitedAt, mail, bounced, opened }: Course, { email }: Member): void {
    const row = this.#row;
    row.imported += 1;
    if (email === null) row.missingEmail += 1;
    if (firstInvitedAt !== null) row.invited += 1;
    if (bounced && standing.status !== 'live') row.bounced += 1;
    else if (mail?.state === 'sent' || mail?.state === 'delivered') row.delivered += 1;
    if (opened) row.opened += 1;
    switch (standing.status) {
      case 'not-invited':
        row.notInvited += 1;
        return;
      case 'pending-activation':
        row.pendingActivation += 1;
        if (standing.expiresAt.getTime() - this.now.getTime() <= 48 * hourMs) row.expiringIn48Hours += 1;
        return;
      case 'activation-expired':
        row.activationExpired += 1;
        return;
      case 'live':
        row.live += 1;
        if (firstInvitedAt !== null) this.#days.push((standing.at.getTime() - firstInvitedAt.getTime()) / dayMs);
    }
  }
}

function medianOf(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
  return Math.round(median * 100) / 100;
}
