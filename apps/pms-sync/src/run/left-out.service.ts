import type { listLeftOut, OutputOf, ParsedInputOf } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { folded } from '../connector/names.rules.js';
import { assertSees } from '../property-scope.rules.js';
import { UpstreamRecordRepository } from './upstream-record.repository.js';

const most = 20;

/** Whom staff look for and the PMS has: only the first run that left them out has a row of it, what is known of them is kept. */
@Injectable()
export class LeftOutService {
  constructor(private readonly records: UpstreamRecordRepository) {}

  async list({ propertyId, search }: ParsedInputOf<typeof listLeftOut>, call: Call): Promise<OutputOf<typeof listLeftOut>> {
    assertSees(call.actor.properties, propertyId);
    const words = folded(search).split(' ');
    const items: OutputOf<typeof listLeftOut>['items'] = [];
    const all = this.records.stream(
      { orgId: call.orgId, propertyId, 'skipped.code': { $exists: true } },
      { fields: ['upstreamId', 'name', 'unit', 'skipped'] },
    );
    for await (const { upstreamId, name, unit, skipped } of all) {
      if (skipped === null || !isLike(`${name} ${unit ?? ''}`, words)) continue;
      const { code, message } = skipped;
      items.push({ upstreamId, name, unit, reason: { code, message } });
      if (items.length === most) break;
    }
    return { items };
  }
}

/** Each word is the beginning of one of theirs, as on the Residents page. */
function isLike(text: string, words: readonly string[]): boolean {
  const theirs = folded(text).split(' ');
  return words.every((word) => theirs.some((one) => one.startsWith(word)));
}
