import {
  DomainError,
  type endSessionsOfResident,
  type listSessionsOfResident,
  type OutputOf,
  type ParsedInputOf,
  type ResidentId,
} from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { AccessService } from '../access/access.service.js';
import { ResidencyRepository } from '../residency/residency.repository.js';
import { ResidentSessionRepository, toResidentSession } from './resident-session.repository.js';
import { ResidentSessionService, type Who } from './resident-session.service.js';

/** Staff helping somebody whose phone was lost or whose account is used by another: where it is signed in, and out with it. */
@Injectable()
export class SessionsOfResidentService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly access: AccessService,
    private readonly residencies: ResidencyRepository,
    private readonly sessions: ResidentSessionRepository,
    private readonly ending: ResidentSessionService,
  ) {}

  async list(
    { residentId }: ParsedInputOf<typeof listSessionsOfResident>,
    call: Call,
  ): Promise<OutputOf<typeof listSessionsOfResident>> {
    const { orgId, personId } = await this.#seen(residentId, call);
    return { items: (await this.sessions.openOf(orgId, personId)).map(toResidentSession) };
  }

  async end(
    { residentId, sessionId }: ParsedInputOf<typeof endSessionsOfResident>,
    call: Call,
  ): Promise<OutputOf<typeof endSessionsOfResident>> {
    return this.work.run(call, async (tx) => {
      const who = await this.#seen(residentId, call, tx);
      if (sessionId === undefined) return { ended: await this.ending.endAllOf(tx, who, 'revoked') };
      const session = await this.sessions.findOne({ orgId: who.orgId, _id: sessionId }, { tx });
      if (session?.personId !== who.personId)
        throw new DomainError('not-found', 'This resident has no such session. Look at the list again.');
      const wasOpen = session.ended === null;
      await this.ending.endAll(tx, [session], 'revoked');
      return { ended: wasOpen ? 1 : 0 };
    });
  }

  async #seen(_id: ResidentId, call: Call, tx?: Tx): Promise<Who> {
    const { orgId } = call;
    const authority = await this.access.authorityOf(call, 'residence.residence:full', tx);
    const residency = await this.residencies.findOne({ orgId, _id }, tx && { tx });
    const seen = authority === 'all' || authority.properties === 'all' ? null : authority.properties;
    if (!residency || (seen && !seen.includes(residency.propertyId)))
      throw new DomainError(
        'not-found',
        'There is no such resident, or not in a property that you see. Look at the list of residents.',
      );
    return { orgId, personId: residency.personId };
  }
}
