/** Text that is safe wherever it stands: everything in a page goes through `markup`. */
export class Markup {
  constructor(readonly text: string) {}
}

type Part = Markup | string | number | null | undefined | false | readonly Part[];

/** A tagged template: what is put in is escaped, unless it is markup itself. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.map((text, at) => text + (at < parts.length ? written(parts[at]) : '')).join(''));
}

function written(part: Part): string {
  if (part === null || part === undefined || part === false) return '';
  if (part instanceof Markup) return part.text;
  if (typeof part === 'string' || typeof part === 'number') return escaped(String(part));
  return part.map(written).join('');
}

const signs: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => signs[sign] ?? sign);
}

export interface Layout {
  readonly title: string;
  /** Of the site, with a slash at its end: what links begin with. */
  readonly base: string;
  readonly places: readonly { readonly path: string; readonly name: string }[];
  readonly here: string;
  readonly main: Markup;
}

/** A page that needs no script. */
export function layout({ title, base, places, here, main }: Layout): string {
  const links = places.map(
    ({ path, name }) =>
      markup`<li><a href="${base}${path}"${path === here ? new Markup(' aria-current="page"') : ''}>${name}</a></li>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · Leasewire simulators</title>
<style>${style}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the content</a>
<nav aria-label="Simulator"><ul>${written(links)}</ul></nav>
<main id="main">
<h1>${escaped(title)}</h1>
${main.text}
</main>
</body>
</html>`;
}

/** Nothing runs in these pages, and nothing is fetched for them. */
export const pageHeaders: Readonly<Record<string, string>> = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
};

export const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main, nav { max-width: 70rem; margin: 0 auto; padding: 1rem; } nav { padding-bottom: 0; }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; margin: 0; padding: 0; list-style: none; }
nav a { display: inline-block; padding: .35rem 0; } nav a[aria-current] { font-weight: 700; text-decoration: none; color: inherit; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8886; vertical-align: top; overflow-wrap: anywhere; }
form { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin: .75rem 0; } label { display: grid; gap: .25rem; }
input, select, textarea, button { font: inherit; padding: .35rem .5rem; min-height: 2.75rem; max-width: 100%; box-sizing: border-box; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; border: 1px solid #8886; padding: .75rem; }
iframe { width: 100%; height: 40rem; border: 1px solid #8886; background: #fff; }
summary { min-height: 2.75rem; padding: .35rem 0; } .scroll { overflow-x: auto; }
[role=status] { padding: .5rem; border: 1px solid #8886; white-space: pre-wrap; }
.skip { position: absolute; left: -99rem; } .skip:focus { position: static; }
th { overflow-wrap: normal; }
:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }
@media (max-width: 40rem) {
  table, caption, tbody, tr, th, td { display: block; text-align: left; } thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  th, td { padding: .1rem 0; border: 0; } tr { padding: .5rem 0; border-bottom: 1px solid #8886; }
}`;
