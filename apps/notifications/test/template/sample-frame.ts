import type { TemplateLanguage } from '@leasewire/contracts';
import { samples, type FieldValues } from '../../src/compose/field-registry.js';
import type { Filling } from '../../src/compose/fill.rules.js';
import type { Frame } from '../../src/template/layout/mail-frame.rules.js';

export const locales: Record<TemplateLanguage, string> = { en: 'en-AU', es: 'es-ES', fr: 'fr-FR' };
export const languages: readonly TemplateLanguage[] = ['en', 'es', 'fr'];

export const sampleFrame = (language: TemplateLanguage, more: Partial<Frame> = {}): Frame => ({
  language,
  textLanguage: language,
  sender: 'Harbour House',
  address: '12 Quay Street, Brisbane 4000',
  phone: '+61 7 3000 0000',
  reader: 'resident',
  emergency: false,
  answersAreRead: false,
  unsubscribe: null,
  alertSettings: null,
  ...more,
});

export const sampleFilling = (language: TemplateLanguage, values: FieldValues = samples()): Filling => ({
  values,
  locale: locales[language],
  timeZone: 'Australia/Brisbane',
  secrets: 'shown',
});
