import type { Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { issuesOf } from '../decision/fields.rules.js';
import { alikeKey } from '../resident-list/alike.rules.js';
import type { PropertyDoc } from '../property/property.repository.js';
import { ResidentRepository, type ResidentDoc } from './resident.repository.js';
import { addressesAt, sharedAddresses, shares, withSharing } from './shared-email.rules.js';

type Next = Omit<ResidentDoc, 'version' | 'createdAt' | 'updatedAt'>;
interface Written {
  readonly before: ResidentDoc | null;
  readonly next: Next;
}
interface Other {
  readonly before: ResidentDoc;
  readonly after: ResidentDoc;
}

/** Who shares an e-mail address is shown so with all who have it, and no longer when the others have gone. */
@Injectable()
export class SharedEmails {
  constructor(private readonly residents: ResidentRepository) {}

  /** Those who are written now, and whom else it concerns. */
  async mark<W extends Written>(tx: Tx, property: PropertyDoc, written: readonly W[]): Promise<{ marked: W[]; others: Other[] }> {
    const asked = new Set(written.flatMap(({ before, next }) => addressesAt(before, next)));
    if (asked.size === 0) return { marked: [...written], others: [] };
    const ids = written.map(({ next }) => next._id);
    const sharers = await this.residents.sharers(tx, property, [...asked], ids);
    const shared = sharedAddresses(
      sharers,
      written.map(({ next }) => next),
    );
    const marked = written.map((one) => {
      const { next } = one;
      if (next.email !== null && next.state !== 'archived' && !asked.has(next.email)) return one;
      const issues = issuesOf({ ...next, issues: withSharing(next.issues, shares(next, shared)) });
      return { ...one, next: { ...next, issues, alike: alikeKey({ ...next, issues }) } };
    });
    const addresses = sharers.map(({ email }) => email);
    return { marked, others: await this.#others(tx, property, addresses, shared, ids) };
  }

  /** With each address one at most of whom the opposite was true before. */
  async #others(
    tx: Tx,
    { orgId, _id: propertyId }: PropertyDoc,
    addresses: readonly string[],
    shared: ReadonlySet<string>,
    except: readonly ResidentDoc['_id'][],
  ): Promise<Other[]> {
    if (addresses.length === 0) return [];
    const alone = addresses.filter((address) => !shared.has(address));
    const wrong = await this.residents.find(
      {
        orgId,
        propertyId,
        state: { $ne: 'archived' },
        _id: { $nin: [...except] },
        $or: [
          { email: { $in: [...shared] }, issues: { $ne: 'shared-email' } },
          { email: { $in: alone }, issues: 'shared-email' },
        ],
      },
      { tx },
    );
    return wrong.map((before) => ({
      before,
      after: { ...before, issues: withSharing(before.issues, before.email !== null && shared.has(before.email)) },
    }));
  }
}
