import type { ImportProgress, ParsedInputOf, previewImportMode, Property, PropertyId, setImportMode } from '@leasewire/contracts';
import { UserType } from '@leasewire/contracts';
import type { Call } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { PropertyService } from '../property/property.service.js';
import type { PropertyDoc } from '../property/property.repository.js';
import { ResidentRepository } from '../resident/resident.repository.js';
import { consequencesOf, nextSteps } from './import.rules.js';

/** How new people of a property arrive, and how far its import is. */
@Injectable()
export class ImportModeService {
  constructor(
    private readonly owned: PropertyService,
    private readonly residents: ResidentRepository,
  ) {}

  async summary(propertyId: PropertyId, call: Call): Promise<ImportProgress> {
    const own = await this.owned.visible(call, propertyId);
    const here = { orgId: call.orgId, propertyId };
    const [pending, pendingWithoutEmail, imported, dismissed, types] = await Promise.all([
      this.#pending(own),
      this.residents.count({ ...here, state: 'pending-import', email: null }),
      this.residents.count({ ...here, state: 'active' }),
      this.residents.count({ ...here, state: 'archived', archivedReason: 'dismissed' }),
      this.residents.aggregate({ ...here, state: 'pending-import' }, [
        { $unwind: '$userTypes' },
        { $group: { _id: '$userTypes', count: { $sum: 1 } } },
      ]),
    ]);
    return {
      propertyId,
      importMode: own.importMode,
      setBy: own.importModeSetByStaff ? 'staff' : 'rule',
      lastSweepAt: own.lastSweepAt?.toISOString() ?? null,
      pending,
      pendingByUserType: Object.fromEntries(types.map(({ _id, count }) => [UserType.parse(_id), Number(count)])),
      pendingWithoutEmail,
      imported,
      dismissed,
      next: nextSteps(own, pending),
      version: own.version,
    };
  }

  async preview({ propertyId, importMode }: ParsedInputOf<typeof previewImportMode>, call: Call) {
    const own = await this.owned.visible(call, propertyId);
    const pending = await this.#pending(own);
    const sentences = consequencesOf(own, importMode, pending);
    return { importMode, changes: own.importMode !== importMode, pending, sentences };
  }

  set(input: ParsedInputOf<typeof setImportMode>, call: Call): Promise<Property> {
    return this.owned.update(input, call);
  }

  #pending({ orgId, _id: propertyId }: PropertyDoc): Promise<number> {
    return this.residents.count({ orgId, propertyId, state: 'pending-import' });
  }
}
