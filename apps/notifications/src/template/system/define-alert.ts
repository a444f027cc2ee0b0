import type { FieldName } from '../../compose/field-registry.js';
import { defineTemplate, type SystemTemplate, type SystemText } from './define-template.js';

interface AlertText {
  readonly subject: string;
  readonly preheader: string;
  /** Paragraphs, after the title and before the button. */
  readonly body: string;
  /** Null: no page shows it, and the body says what to do. */
  readonly button: string | null;
}
type About = Pick<SystemTemplate, 'name' | 'label' | 'describe'> & {
  readonly optional: readonly FieldName[];
  readonly texts: Readonly<Record<'en' | 'es' | 'fr', AlertText>>;
};

/** All alerts look alike: what happened, what it means, and one button to the place where it is dealt with; or what to do there. */
export function defineAlert({ optional, texts, ...about }: About): SystemTemplate {
  const place = (button: string | null): string =>
    button === null ? '' : `\n<p><a href="{{ alert.link }}">${button}</a></p>\n<p>API: {{ alert.way | optional }}</p>`;
  const whole = ({ subject, preheader, body, button }: AlertText): SystemText => ({
    subject,
    preheader,
    body: `<h2>${subject}</h2>\n${body}${place(button)}`,
  });
  return defineTemplate({
    ...about,
    audience: 'staff',
    category: 'security',
    channels: ['email'],
    required: { email: [texts.en.button === null ? 'alert.way' : 'alert.link'] },
    optional: ['recipient.name', 'alert.settings', 'alert.link', 'alert.way', 'event.at', ...optional],
    texts: { en: whole(texts.en), es: whole(texts.es), fr: whole(texts.fr) },
  });
}
