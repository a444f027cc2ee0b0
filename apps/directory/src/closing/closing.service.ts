import { propertyArchived, type ClosingPreview, type organizationClosed, type Fact, type OrgId } from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { ExportRepository } from '../export/export.repository.js';
import { PropertyChoreRepository } from '../property/property-chore.repository.js';
import { PropertyRepository, toProperty } from '../property/property.repository.js';
import { about } from '../property/property.service.js';
import { ResidentRepository } from '../resident/resident.repository.js';
import { UnitRepository } from '../unit/unit.repository.js';
import { consequencesOfClosing } from './closing.rules.js';

const Counted = z.object({
  _id: z.string(),
  residents: z.number(),
  withAccess: z.number(),
  live: z.number(),
  upcomingChanges: z.number(),
});
const nobody = { residents: 0, withAccess: 0, live: 0, upcomingChanges: 0 };
const countIf = (condition: object) => ({ $sum: { $cond: [condition, 1, 0] } });

/** An organization closes: what that means for those who live there, and what happens to them. */
@Injectable()
export class ClosingService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly properties: PropertyRepository,
    private readonly residents: ResidentRepository,
    private readonly units: UnitRepository,
    private readonly chores: PropertyChoreRepository,
    private readonly exports: ExportRepository,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async preview({ orgId }: Call): Promise<ClosingPreview> {
    const properties = await this.properties.find({ orgId, state: 'active' }, { sort: { nameKey: 1 } });
    const [counted, units, lastExport] = await Promise.all([
      this.#counted(orgId),
      this.units.count({ orgId, propertyId: { $in: properties.map(({ _id }) => _id) } }),
      this.exports.newest(orgId, 'residents'),
    ]);
    const byProperty = properties.map(({ _id, name }) => ({ propertyId: _id, name, ...(counted.get(_id) ?? nobody) }));
    const sum = (key: keyof typeof nobody) => byProperty.reduce((total, one) => total + one[key], 0);
    const counts = {
      properties: properties.length,
      connected: properties.filter(({ connectionId }) => connectionId !== null).length,
      units,
      residents: sum('residents'),
      withAccess: sum('withAccess'),
      live: sum('live'),
      upcomingChanges: sum('upcomingChanges'),
    };
    return {
      ...counts,
      lastExportAt: lastExport?.createdAt.toISOString() ?? null,
      byProperty: byProperty.map(({ propertyId, name, residents, withAccess }) => ({ propertyId, name, residents, withAccess })),
      sentences: consequencesOfClosing({ ...counts, exported: lastExport !== null }),
    };
  }

  /** One property after the other; broken off, it goes on with the rest. Who keeps access keeps what they have. */
  async close({ orgId, data }: Fact<typeof organizationClosed>): Promise<void> {
    if (data.organization.closing?.residents !== 'archive') return;
    for (const { _id } of await this.properties.find({ orgId, state: 'active' }, { fields: ['state'] }))
      await this.work.run(systemCause('directory', orgId, this.ids), async (tx) => {
        const own = await this.properties.get({ orgId, _id }, { tx });
        if (own.state === 'archived') return;
        const saved = await this.properties.save(tx, { ...own, state: 'archived' });
        await this.chores.add(tx, _id, 'archive-residents');
        tx.publish(propertyArchived, { property: toProperty(saved) }, about(saved));
      });
  }

  async #counted(orgId: OrgId): Promise<Map<string, z.infer<typeof Counted>>> {
    const rows = await this.residents.aggregate({ orgId, state: { $in: ['active', 'pending-import'] } }, [
      {
        $group: {
          _id: '$propertyId',
          residents: { $sum: 1 },
          withAccess: countIf({ $eq: ['$access.open', true] }),
          live: countIf({ $eq: ['$accountStatus', 'live'] }),
          upcomingChanges: countIf({ $gt: ['$upcoming', null] }),
        },
      },
    ]);
    return new Map(rows.map((row) => Counted.parse(row)).map((row) => [row._id, row]));
  }
}
