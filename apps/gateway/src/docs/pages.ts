import { errorTable, type ErrorRow } from '@leasewire/contracts';
import { gatewayErrors } from '../problem/codes.js';
import { escape } from '../resident-pages/html.js';

export const docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Leasewire API</title>
<link rel="stylesheet" href="/docs/assets/swagger-ui.css">
</head>
<body>
<div id="ui"></div>
<noscript>The pages of the API need JavaScript. The document itself is at <a href="/v1/openapi.json">/v1/openapi.json</a>.</noscript>
<script src="/docs/assets/swagger-ui-bundle.js"></script>
<script src="/docs/assets/initializer.js"></script>
</body>
</html>
`;

export const initializer = `window.ui = SwaggerUIBundle({
  url: '/v1/openapi.json',
  dom_id: '#ui',
  deepLinking: true,
  docExpansion: 'none',
  filter: true,
  validatorUrl: null,
  persistAuthorization: false,
});
`;

/** A key, white on the green of our pages. */
export const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#0b5f58"/><g fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round"><circle cx="11" cy="16" r="5"/><path d="M16 16h10v4m-4-4v3"/></g></svg>';

export const pageStyle = `
:root{color-scheme:light dark}
body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1.5rem}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;vertical-align:top;padding:.5rem .75rem;border-bottom:1px solid #8a94a6}
code{font-family:ui-monospace,monospace;overflow-wrap:anywhere}
@media(max-width:40rem){
body{padding:1rem}
thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
tr{display:block;padding:.6rem 0;border-bottom:1px solid #8a94a6}
td{display:block;padding:0;border:0}
td:nth-child(2)::before{content:'Status '}
td:nth-child(3)::before{content:'May work later: '}
}
:target{outline:3px solid #0b5cad}
`;

/** Descriptions have code in backticks, as Markdown has it. */
const inline = (text: string): string => escape(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>');

/** Where the \`type\` of every problem leads. */
export function errorsPage(): string {
  const rows: readonly (readonly [string, ErrorRow])[] = Object.entries({ ...errorTable, ...gatewayErrors }).sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const body = rows.map(
    ([code, { status, retryable, describe }]) =>
      `<tr id="${escape(code)}"><td><code>${escape(code)}</code></td><td>${status}</td><td>${retryable === true ? 'yes' : 'no'}</td><td>${inline(describe)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>Errors · Leasewire API</title><link rel="stylesheet" href="/docs/assets/page.css"></head>
<body>
<h1>Errors</h1>
<p>Every error is a problem as RFC 9457 has it. Programs decide by <code>code</code>; <code>detail</code> is for people.</p>
<table>
<thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">May work later</th><th scope="col">Meaning</th></tr></thead>
<tbody>${body.join('\n')}</tbody>
</table>
</body>
</html>
`;
}
