import type { SystemTemplateName, TemplateLanguage } from '@leasewire/contracts';
import type { Category, Channel } from '../../compose/category.rules.js';
import type { FieldName } from '../../compose/field-registry.js';

export interface SystemText {
  readonly subject: string;
  readonly preheader: string;
  readonly body: string;
  /** One line each; a line with an optional field that is missing is left out. */
  readonly sms?: string;
}

/** One kind of message: whom it is for, what its texts must and may use, and the platform's own texts. */
export interface SystemTemplate {
  readonly name: SystemTemplateName;
  readonly label: string;
  readonly describe: string;
  readonly audience: 'resident' | 'staff';
  /** null: whoever writes the message chooses it. */
  readonly category: Category | null;
  readonly channels: readonly Channel[];
  /** Without these a text would be of no use: a welcome without its link. */
  readonly required: Readonly<Partial<Record<Channel, readonly FieldName[]>>>;
  /** What it may use beside those, and beside what is known of everyone. */
  readonly optional: readonly FieldName[];
  readonly texts: Readonly<Record<TemplateLanguage, SystemText>>;
}

export const defineTemplate = (template: SystemTemplate): SystemTemplate => template;
