import type { FieldName } from '../../compose/field-registry.js';
import { defineTemplate, type SystemTemplate, type SystemText } from './define-template.js';

interface AlertText {
  readonly subject: string;
  readonly preheader: string;
  /** Paragraphs, after the title and before the button. */
  readonly body: string;
  readonly button: string;
}
type About = Pick<SystemTemplate, 'name' | 'label' | 'describe'> & {
  readonly optional: readonly FieldName[];
  readonly texts: Readonly<Record<'en' | 'es' | 'fr', AlertText>>;
};

/** All alerts look alike: what happened, what it means, and one button to the place where it is dealt with. */
export function defineAlert({ optional, texts, ...about }: About): SystemTemplate {
  const whole = ({ subject, preheader, body, button }: AlertText): SystemText => ({
    subject,
    preheader,
    body: `<h2>${subject}</h2>\n${body}\n<p><a href="{{ alert.link }}">${button}</a></p>`,
  });
  return defineTemplate({
    ...about,
    audience: 'staff',
    category: 'security',
    channels: ['email'],
    required: { email: ['alert.link'] },
    optional: ['recipient.name', 'alert.settings', 'event.at', ...optional],
    texts: { en: whole(texts.en), es: whole(texts.es), fr: whole(texts.fr) },
  });
}
