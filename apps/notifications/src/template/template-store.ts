import type { OrgId, PropertyId, SystemTemplateName, TemplateLanguage, TemplateText, TemplateTexts } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { hashOfTexts, layered, readPin, systemTextId, systemTexts, writePin, type Layered, type Pin } from './layers.rules.js';
import { systemTemplates } from './system/system-templates.js';
import { SystemTextRepository, TemplateEditionRepository, TemplateRepository, type TemplateDoc } from './template.repository.js';

export interface TemplatePlace {
  readonly orgId: OrgId;
  readonly propertyId: PropertyId | null;
  readonly name: SystemTemplateName;
}
export interface Found extends Layered {
  readonly pin: string;
  readonly organization: TemplateDoc | null;
  readonly property: TemplateDoc | null;
}

const current = new Map(
  Object.values(systemTemplates).map((template) => {
    const texts = systemTexts(template);
    return [template.name, { texts, hash: hashOfTexts(texts) }] as const;
  }),
);

/** The texts of templates: as they are now, and as they were when something began to be sent. */
@Injectable()
export class TemplateStore {
  readonly #kept = new Set<string>();

  constructor(
    private readonly work: UnitOfWork,
    private readonly templates: TemplateRepository,
    private readonly editions: TemplateEditionRepository,
    private readonly systemTexts: SystemTextRepository,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async now({ orgId, propertyId, name }: TemplatePlace, tx?: Tx): Promise<Found> {
    return foundOf(name, await this.templates.find({ orgId, name, propertyId: { $in: placesOf(propertyId) } }, tx && { tx }));
  }

  /** All of them at once, for a list. */
  async allNow({ orgId, propertyId }: Omit<TemplatePlace, 'name'>): Promise<(name: SystemTemplateName) => Found> {
    const all = await this.templates.find({ orgId, propertyId: { $in: placesOf(propertyId) } });
    return (name) =>
      foundOf(
        name,
        all.filter((one) => one.name === name),
      );
  }

  /** What was pinned; null when it cannot be found any more. */
  async at(place: TemplatePlace, pin: string): Promise<Layered | null> {
    const read = readPin(pin);
    if (!read) return null;
    const [texts, organization, property] = await Promise.all([
      this.#system(place.name, read),
      this.#edition({ ...place, propertyId: null }, read.organization),
      this.#edition(place, read.property),
    ]);
    return texts && over(texts, organization, property);
  }

  /** Keeps the system’s texts of today, once: a message that is pinned to them may outlive this version of the service. */
  async keepSystemText({ orgId, name }: TemplatePlace): Promise<void> {
    const { texts, hash } = systemNow(name);
    const _id = systemTextId(name, hash);
    if (this.#kept.has(_id)) return;
    if (!(await this.systemTexts.findOne({ _id }))) await this.#keep(orgId, _id, texts);
    this.#kept.add(_id);
  }

  async #keep(orgId: OrgId, _id: string, texts: TemplateTexts): Promise<void> {
    try {
      await this.work.run(systemCause('notifications', orgId, this.ids), (tx) => this.systemTexts.insert(tx, { _id, texts }));
    } catch (error) {
      // another replica was faster
      if (!(await this.systemTexts.findOne({ _id }))) throw error;
    }
  }

  async #system(name: SystemTemplateName, { hash }: Pin): Promise<Record<TemplateLanguage, TemplateText> | null> {
    const now = systemNow(name);
    if (now.hash === hash) return now.texts;
    const kept = await this.systemTexts.findOne({ _id: systemTextId(name, hash) });
    return kept && { ...now.texts, ...kept.texts };
  }

  #edition({ orgId, name, propertyId }: TemplatePlace, edition: number) {
    return edition === 0 ? null : this.editions.findOne({ orgId, name, propertyId, edition });
  }
}

function systemNow(name: SystemTemplateName): { texts: Record<TemplateLanguage, TemplateText>; hash: string } {
  const found = current.get(name);
  if (!found) throw new Error(`There is no template “${name}”`);
  return found;
}

type Own = Pick<TemplateDoc, 'texts'> | null;
const over = (texts: Record<TemplateLanguage, TemplateText>, organization: Own, property: Own): Layered =>
  layered(texts, [
    ...(organization ? [{ source: 'organization' as const, texts: organization.texts }] : []),
    ...(property ? [{ source: 'property' as const, texts: property.texts }] : []),
  ]);

const placesOf = (propertyId: PropertyId | null): (PropertyId | null)[] => (propertyId === null ? [null] : [null, propertyId]);

function foundOf(name: SystemTemplateName, found: readonly TemplateDoc[]): Found {
  const organization = found.find((one) => one.propertyId === null) ?? null;
  const property = found.find((one) => one.propertyId !== null) ?? null;
  const { texts, hash } = systemNow(name);
  const pin = { hash, organization: organization?.edition ?? 0, property: property?.edition ?? 0 };
  return { ...over(texts, organization, property), pin: writePin(pin), organization, property };
}
