import {
  DomainError,
  permits,
  StaffId,
  type AlertChoices,
  type AlertKind,
  type ParsedInputOf,
  type setMyAlerts,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { AlertChoiceRepository, type AlertChoiceDoc } from './alert.repository.js';
import { alertKinds, modeOf } from './alert.rules.js';

/** Which alerts somebody of the staff wants, and how: their own business. */
@Injectable()
export class AlertChoiceService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly choices: AlertChoiceRepository,
  ) {}

  async get(call: Call): Promise<AlertChoices> {
    const _id = oneself(call);
    return shown(await this.choices.findOne({ orgId: call.orgId, _id }), call);
  }

  async set({ modes, version }: ParsedInputOf<typeof setMyAlerts>, call: Call): Promise<AlertChoices> {
    const _id = oneself(call);
    const { orgId } = call;
    return this.work.run(call, async (tx) => {
      const before = await this.choices.findOne({ orgId, _id }, { tx });
      if (version !== undefined && version !== (before?.edition ?? 0))
        throw new DomainError(
          'conflict.version',
          'You changed this elsewhere meanwhile. Look at it again, then repeat your change.',
          {
            version: before?.edition ?? 0,
          },
        );
      const fields = { modes: { ...before?.modes, ...modes }, edition: (before?.edition ?? 0) + 1 };
      const saved = before
        ? await this.choices.save(tx, { ...before, ...fields })
        : await this.choices.insert(tx, { _id, orgId, ...fields });
      return shown(saved, call);
    });
  }
}

function oneself({ actor }: Call): StaffId {
  const id = StaffId.safeParse(actor.ref.replace(/^staff:/, ''));
  if (!id.success) throw new DomainError('forbidden', 'Only staff receive alerts. Sign in as somebody of the staff.');
  return id.data;
}

function shown(doc: AlertChoiceDoc | null, { actor }: Call): AlertChoices {
  const { permissions } = actor;
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- Object.keys forgets which keys they are
  const kinds = Object.keys(alertKinds) as AlertKind[];
  return {
    items: kinds.map((kind) => {
      const { label, describe, usual, permission } = alertKinds[kind];
      const receives = permissions === 'all' || permits(permissions, permission);
      return { kind, label, describe, mode: modeOf(kind, doc?.modes), usual, receives };
    }),
    version: doc?.edition ?? 0,
  };
}
