import { DomainError, type OutputOf, type ParsedInputOf, type readImportTemplate } from '@leasewire/contracts';
import { Assertions, via, type Call } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { templateHead, templateRows, templateUnits } from '../connector/csv/csv-files.rules.js';
import { assertSees } from '../property-scope.rules.js';
import { PropertyContent } from './property-content.js';

/** The template, a page of directory at a time: first the people by unit, then the units without any. */
@Injectable()
export class CsvTemplateService {
  constructor(
    private readonly content: PropertyContent,
    private readonly assertions: Assertions,
  ) {}

  async read(
    { propertyId, next }: ParsedInputOf<typeof readImportTemplate>,
    call: Call,
  ): Promise<OutputOf<typeof readImportTemplate>> {
    assertSees(call.actor.properties, propertyId);
    const { list, cursor } = positionIn(next);
    const asked = { propertyId, ...(cursor !== '' && { cursor }) };
    if (list === 'people') {
      if (next === undefined) await this.content.property(call.orgId, propertyId); // or it is not there
      const page = await this.content.residentsPage(asked, via(call, this.assertions));
      const text = (next === undefined ? templateHead() : '') + templateRows(page.items);
      return { text, next: page.nextCursor === null ? 'units:' : `people:${page.nextCursor}` };
    }
    const page = await this.content.emptyUnitsPage(asked, via(call, this.assertions));
    const units = page.items.filter(({ deletedUpstreamAt }) => deletedUpstreamAt === null);
    const text = templateUnits(units.map(({ building, number }) => (building ? `${building}-${number}` : number)));
    return { text, next: page.nextCursor === null ? null : `units:${page.nextCursor}` };
  }
}

function positionIn(next = 'people:'): { list: 'people' | 'units'; cursor: string } {
  const [, list, cursor = ''] = /^(people|units):(.*)$/.exec(next) ?? [];
  if (list !== 'people' && list !== 'units')
    throw new DomainError('cursor.invalid', 'This is no position in this file. Begin again without one.');
  return { list, cursor };
}
