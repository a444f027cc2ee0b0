import { createHash } from 'node:crypto';
import type { SystemTemplateName, TemplateLanguage, TemplateSource, TemplateText, TemplateTexts } from '@leasewire/contracts';
import type { SystemTemplate } from './system/define-template.js';

/** Later layers lie over earlier ones, language by language: the system’s, the organization’s, the property’s. */
export interface Layer {
  readonly source: TemplateSource;
  readonly texts: TemplateTexts;
}
export interface Layered {
  readonly texts: Readonly<Record<TemplateLanguage, TemplateText>>;
  readonly sources: Readonly<Record<TemplateLanguage, TemplateSource>>;
}

export function layered(system: Readonly<Record<TemplateLanguage, TemplateText>>, own: readonly Layer[]): Layered {
  const texts = { ...system };
  const sources: Record<TemplateLanguage, TemplateSource> = { en: 'system', es: 'system', fr: 'system' };
  for (const layer of own)
    for (const language of languages) {
      const text = layer.texts[language];
      if (!text) continue;
      texts[language] = text;
      sources[language] = layer.source;
    }
  return { texts, sources };
}

export const languages: readonly TemplateLanguage[] = ['en', 'es', 'fr'];

export function systemTexts({ texts }: SystemTemplate): Record<TemplateLanguage, TemplateText> {
  const plain = ({ subject, preheader, body, sms }: SystemTemplate['texts']['en']): TemplateText => ({
    ...{ subject, preheader, body },
    sms: sms ?? null,
  });
  return { en: plain(texts.en), es: plain(texts.es), fr: plain(texts.fr) };
}

/** Which texts something is sent with, so that it goes on with them whatever is changed meanwhile: `9f2c41d07a35e8b1.3.0`. */
export interface Pin {
  /** Of the system’s texts. */
  readonly hash: string;
  /** Editions of the own texts; 0: none. */
  readonly organization: number;
  readonly property: number;
}
export const writePin = ({ hash, organization, property }: Pin): string => `${hash}.${organization}.${property}`;

export function readPin(pin: string): Pin | null {
  const [, hash, organization, property] = /^([0-9a-f]{16})\.(\d+)\.(\d+)$/.exec(pin) ?? [];
  return hash === undefined ? null : { hash, organization: Number(organization), property: Number(property) };
}

export const systemTextId = (name: SystemTemplateName, hash: string): string => `${name}:${hash}`;
export const hashOfTexts = (texts: TemplateTexts): string =>
  createHash('sha256').update(JSON.stringify(texts)).digest('hex').slice(0, 16);
