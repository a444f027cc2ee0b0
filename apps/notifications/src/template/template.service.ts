import {
  DomainError,
  templateChanged,
  type listTemplateVersions,
  type OutputOf,
  type ParsedInputOf,
  type PropertyId,
  type resetTemplate,
  type setTemplate,
  type SystemTemplateName,
  type Template,
  type TemplateSummary,
  type TemplateTexts,
} from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { UnitOfWork } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { KnownPropertyRepository } from '../known/known-property.repository.js';
import { languages } from './layers.rules.js';
import { problemsOf } from './read-template.rules.js';
import { systemTemplates } from './system/system-templates.js';
import { TemplateStore } from './template-store.js';
import { TemplateEditionRepository, TemplateRepository } from './template.repository.js';
import { summaryOf, templateOf } from './template.view.js';

interface Edit {
  readonly name: SystemTemplateName;
  readonly propertyId: PropertyId | null;
  readonly texts: TemplateTexts;
  readonly version: number | undefined;
}

/** Own texts of the organization and of its properties. What was sent with a text keeps it (template-store.ts). */
@Injectable()
export class TemplateService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly store: TemplateStore,
    private readonly templates: TemplateRepository,
    private readonly editions: TemplateEditionRepository,
    private readonly properties: KnownPropertyRepository,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async list(asked: PropertyId | undefined, call: Call): Promise<{ items: TemplateSummary[] }> {
    const propertyId = await this.seen(asked, call);
    const now = await this.store.allNow({ orgId: call.orgId, propertyId });
    return { items: Object.values(systemTemplates).map((template) => summaryOf(template, propertyId, now(template.name))) };
  }

  async get(name: SystemTemplateName, asked: PropertyId | undefined, call: Call): Promise<Template> {
    const propertyId = await this.seen(asked, call);
    return templateOf(systemTemplates[name], propertyId, await this.store.now({ orgId: call.orgId, propertyId, name }));
  }

  async set({ name, propertyId, texts, version }: ParsedInputOf<typeof setTemplate>, call: Call): Promise<Template> {
    assertUsable(name, texts);
    return this.#edit({ name, propertyId: await this.#mayEdit(propertyId, call), texts, version }, call);
  }

  async reset({ name, propertyId, version }: ParsedInputOf<typeof resetTemplate>, call: Call): Promise<Template> {
    return this.#edit({ name, propertyId: await this.#mayEdit(propertyId, call), texts: {}, version }, call);
  }

  async versions(
    { name, propertyId, limit, cursor }: ParsedInputOf<typeof listTemplateVersions>,
    call: Call,
  ): Promise<OutputOf<typeof listTemplateVersions>> {
    const place = await this.seen(propertyId, call);
    const page = await this.editions.page(
      { orgId: call.orgId, name, propertyId: place },
      { sort: { edition: -1 }, limit, cursor, asked: [name, place] },
    );
    return {
      ...page,
      items: page.items.map(({ edition, texts, createdAt, changedBy }) => ({
        ...{ version: edition, texts, changedBy },
        changedAt: createdAt.toISOString(),
      })),
    };
  }

  /** Null: the organization as a whole. */
  async seen(propertyId: PropertyId | undefined, { orgId, actor }: Call): Promise<PropertyId | null> {
    if (propertyId === undefined) return null;
    const hidden = actor.properties !== 'all' && !actor.properties.includes(propertyId);
    if (hidden || (await this.properties.findOne({ orgId, _id: propertyId })) === null)
      throw new DomainError('not-found', 'There is no such property here, or you may not see it.');
    return propertyId;
  }

  async #mayEdit(propertyId: PropertyId | undefined, call: Call): Promise<PropertyId | null> {
    if (propertyId === undefined && call.actor.properties !== 'all')
      throw new DomainError(
        'forbidden',
        'A text of the whole organization is for somebody who has all properties. Name the property whose text you want to change.',
      );
    return this.seen(propertyId, call);
  }

  async #edit({ name, propertyId, texts, version }: Edit, call: Call): Promise<Template> {
    const { orgId } = call;
    return this.work.run(call, async (tx) => {
      const before = await this.templates.findOne({ orgId, name, propertyId }, { tx });
      assertNewest(version, before?.edition ?? 0);
      const template = systemTemplates[name];
      if (Object.keys(texts).length === 0 && Object.keys(before?.texts ?? {}).length === 0)
        return templateOf(template, propertyId, await this.store.now({ orgId, propertyId, name }, tx));
      const fields = { texts, edition: (before?.edition ?? 0) + 1, changedBy: call.actor.ref };
      const saved = before
        ? await this.templates.save(tx, { ...before, ...fields })
        : await this.templates.insert(tx, { _id: this.ids.next('tpl'), orgId, name, propertyId, ...fields });
      await this.editions.insert(tx, { _id: `${saved._id}:${saved.edition}`, orgId, name, propertyId, ...fields });
      const after = await this.store.now({ orgId, propertyId, name }, tx);
      tx.publish(
        templateChanged,
        { template: summaryOf(template, propertyId, after) },
        { _id: saved._id, version: saved.version, ...(propertyId !== null && { propertyId }) },
      );
      return templateOf(template, propertyId, after);
    });
  }
}

function assertNewest(looked: number | undefined, edition: number): void {
  if (looked === undefined || looked === edition) return;
  throw new DomainError('conflict.version', 'Somebody changed this text meanwhile. Look at it again, then repeat your change.', {
    version: edition,
  });
}

/** Every language that is given, at once: whoever edits three of them mends them in one go. */
export function assertUsable(name: SystemTemplateName, texts: TemplateTexts): void {
  const template = systemTemplates[name];
  const problems = languages.flatMap((language) => {
    const text = texts[language];
    return text ? problemsOf(template, text).map((message) => ({ language, message })) : [];
  });
  const [first] = problems;
  if (!first) return;
  throw new DomainError('template.not-usable', `This text cannot be sent: ${first.message}`, { problems });
}
