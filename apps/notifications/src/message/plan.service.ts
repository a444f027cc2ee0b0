import { messageEdited, messageWaiting } from '@leasewire/contracts';
import { dueAt, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import type { KnownPropertyDoc } from '../known/known-property.repository.js';
import { moveToZone } from '../schedule/schedule.rules.js';
import { MessageRepository } from './message.repository.js';
import { messageFacts } from './message.view.js';

/** Plans are local times: when a property gets another zone, what is planned moves with its clocks. */
@Injectable()
export class PlanService {
  constructor(private readonly messages: MessageRepository) {}

  async follow(tx: Tx, before: KnownPropertyDoc | null, { _id: propertyId, timeZone }: KnownPropertyDoc): Promise<void> {
    if (!before || before.timeZone === timeZone) return;
    const { orgId } = tx;
    const planned = await this.messages.find({ orgId, propertyId, state: 'scheduled', local: { $type: 'string' } }, { tx });
    for (const doc of planned) {
      if (doc.local === null || doc.timeZone !== before.timeZone) continue;
      const moved = moveToZone({ local: doc.local, timeZone: doc.timeZone }, timeZone, tx.now);
      const { due: _due, ...rest } = doc;
      const saved = await this.messages.save(
        tx,
        moved.kind === 'moved'
          ? { ...rest, timeZone, startsAt: moved.at, due: dueAt(moved.at) }
          : { ...rest, timeZone, startsAt: moved.at, state: 'waiting', reason: moved.message },
      );
      const about = { _id: saved._id, version: saved.version, propertyId };
      tx.publish(moved.kind === 'moved' ? messageEdited : messageWaiting, { message: messageFacts(saved) }, about);
    }
  }
}
