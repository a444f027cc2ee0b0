import { listTimeline, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { assertSees } from '../property-scope.rules.js';
import { ResidentRepository } from '../resident/resident.repository.js';
import { TimelineEntryRepository, type TimelineEntryDoc } from '../resident/timeline-entry.repository.js';

@Controller()
export class TimelineRpc {
  constructor(
    private readonly timeline: TimelineEntryRepository,
    private readonly residents: ResidentRepository,
  ) {}

  @Rpc(listTimeline)
  async list({ residentId, limit, cursor }: ParsedInputOf<typeof listTimeline>, { orgId, actor }: Call) {
    const resident = await this.residents.get({ orgId, _id: residentId });
    assertSees(actor, resident.propertyId, 'resident');
    const page = await this.timeline.page({ orgId, residentId }, { sort: { at: -1 }, limit, cursor });
    return { ...page, items: page.items.map(shown) };
  }
}

const shown = ({ _id, at, what, text, by, source, runId, holdId, changes }: TimelineEntryDoc) => ({
  id: _id,
  at: at.toISOString(),
  what,
  text,
  by,
  source,
  changes,
  ...(runId !== undefined && { runId }),
  ...(holdId !== undefined && { holdId }),
});
