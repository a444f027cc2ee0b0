import { personErased, type Fact } from '@leasewire/contracts';
import { OnEvent } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { Controller } from '@nestjs/common';
import { CsvChecker } from './csv-checker.js';
import { CsvImportRepository } from './csv-import.repository.js';

/** Somebody is to be forgotten. Nobody can say any more which rows were theirs, so the files of their properties go. */
@Controller()
export class ErasureSubscriber {
  constructor(
    private readonly work: UnitOfWork,
    private readonly imports: CsvImportRepository,
    private readonly checker: CsvChecker,
  ) {}

  @OnEvent(personErased, { durable: 'forget-uploads' })
  async forget(fact: Fact<typeof personErased>): Promise<void> {
    await this.work.run(fact, async (tx) => {
      const { orgId } = fact;
      const kept = {
        propertyId: { $in: fact.data.propertyIds },
        state: { $in: ['uploading' as const, 'checking' as const, 'checked' as const] },
      };
      for (const doc of await this.imports.find({ orgId, ...kept }, { tx })) await this.checker.delete(tx, doc, 'expired');
    });
  }
}
