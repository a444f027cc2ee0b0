/** Text that is HTML already. Everything else that is put into `html` is escaped. */
export class Html {
  constructor(readonly text: string) {}
}
export type Part = Html | string | number | null | undefined | false | readonly Part[];

/** html`<p>${name}</p>`: what is filled in cannot become markup. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  let text = strings[0] ?? '';
  for (const [at, part] of parts.entries()) text += write(part) + (strings[at + 1] ?? '');
  return new Html(text);
}

function write(part: Part): string {
  if (part instanceof Html) return part.text;
  if (typeof part === 'string') return escape(part);
  if (typeof part === 'number') return String(part);
  return Array.isArray(part) ? part.map(write).join('') : '';
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
export const escape = (text: string): string => text.replaceAll(/[&<>"']/g, (char) => entities[char] ?? '');
