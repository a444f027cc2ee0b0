import type { MessageCategory, MessageLanguage, OrgId, PropertyId } from '@leasewire/contracts';
import type { Filling } from '../compose/fill.rules.js';
import type { Placeholder } from '../compose/merge-field.rules.js';

export interface Rendered {
  readonly subject: string;
  readonly html: string;
  readonly text: string;
  readonly sms: string;
}

/** What stands around a text and is not the same for everybody. */
export interface Around {
  /** The page where this recipient ends such messages; null: they cannot be ended. */
  readonly unsubscribe: string | null;
  /** Where answers go; null: nowhere, and the mail says so. */
  readonly replyTo: string | null;
}

/** A text in all its languages, read once for many recipients: filling it in waits for nothing. */
export interface Writing {
  /** Which text it was, for the history: `welcome@3`. */
  readonly version: string | null;
  readonly languages: readonly string[];
  /** What is put in, by channel, over all languages. */
  fields(channel: 'email' | 'sms'): readonly Placeholder[];
  render(language: string, filling: Filling, around: Around): Rendered;
  /** The text message alone: cheap enough to look at everybody’s. */
  sms(language: string, filling: Filling): string;
}

export interface Written {
  readonly language: MessageLanguage;
  readonly subject: string;
  /** HTML of an editor, canonical or not. */
  readonly body: string;
  readonly sms: string;
}

export interface Place {
  readonly orgId: OrgId;
  readonly propertyId: PropertyId | null;
  /** Of a message that has begun: the `version` of its writing, so that it goes on as it began whatever is edited meanwhile. */
  readonly version?: string | null;
}

/** Where texts come from: the templates of the registry with their overrides, and what staff wrote. */
export abstract class Texts {
  /** Null: there is no such template. */
  abstract template(of: Place & { readonly name: string }): Promise<Writing | null>;
  /** What is wrong with it is in `problems`; then it is not sent. */
  abstract composed(
    of: Place & { readonly category: MessageCategory; readonly texts: readonly Written[] },
  ): Promise<{ readonly writing: Writing; readonly problems: readonly string[] }>;
}
