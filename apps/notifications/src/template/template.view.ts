import type { PropertyId, Template, TemplateField, TemplateSummary } from '@leasewire/contracts';
import { fieldRow } from '../compose/field-registry.js';
import { fieldsFor } from './read-template.rules.js';
import type { SystemTemplate } from './system/define-template.js';
import type { Found } from './template-store.js';

export function summaryOf(template: SystemTemplate, propertyId: PropertyId | null, found: Found): TemplateSummary {
  const own = propertyId === null ? found.organization : found.property;
  const { name, label, describe, audience, category, channels } = template;
  return {
    ...{ name, label, describe, audience, category, propertyId },
    channels: [...channels],
    sources: { ...found.sources },
    version: own?.edition ?? 0,
    changedAt: own?.updatedAt.toISOString() ?? null,
    changedBy: own?.changedBy ?? null,
  };
}

export function templateOf(template: SystemTemplate, propertyId: PropertyId | null, found: Found): Template {
  const own = propertyId === null ? found.organization : found.property;
  return {
    ...summaryOf(template, propertyId, found),
    fields: fieldsOf(template),
    texts: { ...found.texts },
    own: own?.texts ?? {},
  };
}

function fieldsOf(template: SystemTemplate): TemplateField[] {
  return fieldsFor(template).map((field) => ({
    field,
    describe: fieldRow(field).describe,
    requiredIn: template.channels.filter((channel) => template.required[channel]?.includes(field)),
    secret: fieldRow(field).secret === true,
  }));
}
