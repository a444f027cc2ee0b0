import { personErased, type Fact } from '@leasewire/contracts';
import { OnEvent } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { Controller } from '@nestjs/common';
import { CsvChecker } from '../csv/csv-checker.js';
import { CsvImportRepository } from '../csv/csv-import.repository.js';
import { Erasure } from './erasure.service.js';

/** Somebody is to be forgotten: what is kept of them, and, as nobody can say any more which rows were theirs, the files of their properties. */
@Controller()
export class ErasureSubscriber {
  constructor(
    private readonly work: UnitOfWork,
    private readonly imports: CsvImportRepository,
    private readonly checker: CsvChecker,
    private readonly erasure: Erasure,
  ) {}

  @OnEvent(personErased, { durable: 'forget-uploads' })
  async forget(fact: Fact<typeof personErased>): Promise<void> {
    await this.work.run(fact, async (tx) => {
      const { orgId } = fact;
      await this.erasure.forget(tx, orgId, fact.data.residentIds ?? []);
      const kept = {
        propertyId: { $in: fact.data.propertyIds },
        state: { $in: ['uploading' as const, 'checking' as const, 'checked' as const] },
      };
      for (const doc of await this.imports.find({ orgId, ...kept }, { tx })) await this.checker.delete(tx, doc, 'expired');
    });
  }
}
