import { layout, markup, pageHeaders, type Markup } from '../html.js';
import type { Asked } from '../http/exchange.js';
import { html, missing, seeOther, type Answer } from '../http/site.js';
import { failures, refusals } from './codes.js';
import { twilioFaultKinds, TwilioFaultWish } from './faults.js';
import type { Text } from './text.js';
import type { TwilioSimulator } from './twilio-simulator.js';

const places = [
  { path: '', name: 'Texts' },
  { path: 'faults', name: 'Faults' },
  { path: 'webhooks', name: 'Webhooks' },
];
const shownAtOnce = 100;

/** `null`: it is no page. */
export async function twilioPages(twilio: TwilioSimulator, asked: Asked): Promise<Answer | null> {
  const { verb, path, query } = asked;
  const base = `${new URL(asked.base).pathname.replace(/\/$/, '')}/`;
  const page = (title: string, here: string, main: Markup): Answer =>
    html(layout({ title, base, places, here, main }), pageHeaders);
  const form = new URLSearchParams(asked.body);
  const [root = '', id = ''] = path.split('/').slice(1);
  switch (`${verb} ${root}`) {
    case 'GET ':
      return path === '' && base !== '/' ? seeOther(base) : page('Texts', '', texts(twilio, base, query));
    case 'GET conversation': {
      const number = decodeURIComponent(id);
      return /^\+\d+$/.test(number)
        ? page(`Texts with ${number}`, 'conversation', conversation(twilio, base, number))
        : missing(path);
    }
    case 'POST reply': {
      const from = form.get('from') ?? '';
      await twilio.inbound(from, form.get('body') ?? '');
      return seeOther(`${base}conversation/${encodeURIComponent(from)}`);
    }
    case 'GET faults':
      return page('Faults', 'faults', faults(twilio, base));
    case 'POST fault':
      twilio.faults.add(TwilioFaultWish.parse(faultIn(form)));
      return seeOther(`${base}faults`);
    case 'POST fix':
      twilio.faults.clear(id === '' ? undefined : Number(id));
      return seeOther(`${base}faults`);
    case 'GET webhooks':
      return page('Webhooks', 'webhooks', webhooks(twilio));
    default:
      return null;
  }
}

function texts(twilio: TwilioSimulator, base: string, query: URLSearchParams): Markup {
  const wanted = query.get('number') ?? '';
  const found = twilio.texts.list().filter((text) => wanted === '' || `${text.to} ${text.from}`.includes(wanted));
  const { accepted, answered } = twilio.texts.tally();
  return markup`
<p>Everything sent by Twilio’s API to ${twilio.access.accountSid} ends here and reaches no phone. ${accepted} taken, ${answered} of them answered.
A number that ends in 55 and a code meets that code: +1 202 553 0003 is never reached.</p>
<form role="search" action="${base}">
  <label>Number contains <input name="number" value="${wanted}" autocomplete="off" inputmode="tel"></label><button>Show</button>
</form>
${table(found, base, `${found.length} texts`)}
<h2>Send a text as a person</h2>
<form method="post" action="${base}reply">
  <label>From <input name="from" value="+12025550123" autocomplete="off" inputmode="tel" required></label>
  <label>Text <input name="body" value="STOP" autocomplete="off" required></label><button>Send it</button>
</form>
<h2>Opted out</h2>
${twilio.optOuts.list().length === 0 ? markup`<p>Nobody.</p>` : markup`<ul>${twilio.optOuts.list().map(({ number, sender }) => markup`<li>${number} of ${sender}</li>`)}</ul>`}`;
}

function conversation(twilio: TwilioSimulator, base: string, number: string): Markup {
  const found = twilio.texts.list().filter(({ to, from }) => to === number || from === number);
  return markup`
${table(found, base, `${found.length} texts`)}
<form method="post" action="${base}reply">
  <input type="hidden" name="from" value="${number}">
  <label>Reply <input name="body" autocomplete="off" required></label><button>Send it</button>
</form>`;
}

function table(found: readonly Text[], base: string, caption: string): Markup {
  return markup`<div class="scroll"><table>
<caption>${caption}${found.length > shownAtOnce ? `, the newest ${shownAtOnce}` : ''}</caption>
<thead><tr><th scope="col">Text</th><th scope="col">To</th><th scope="col">From</th><th scope="col">State</th><th scope="col">At</th></tr></thead>
<tbody>${found
    .slice(-shownAtOnce)
    .reverse()
    .map((text) => row(text, base))}</tbody></table></div>`;
}

function row({ body, to, from, direction, status, errorCode, segments, createdAt, answered }: Text, base: string): Markup {
  const other = direction === 'inbound' ? from : to;
  const number = (one: string): Markup =>
    one === other ? markup`<a href="${base}conversation/${encodeURIComponent(one)}">${one}</a>` : markup`${one}`;
  const untold = direction === 'outbound-api' && !answered ? ', the sender was not told' : '';
  return markup`<tr><td>${linked(body)} <small>(${segments} ${segments === 1 ? 'segment' : 'segments'})</small></td><td>${number(to)}</td><td>${number(from)}</td>
<td>${status}${errorCode === null ? '' : ` ${errorCode}: ${failures[errorCode]?.message ?? ''}`}${untold}</td>
<td><time datetime="${createdAt.toISOString()}">${createdAt.toISOString().slice(0, 19).replace('T', ' ')}</time></td></tr>`;
}

/** As phones do it: what looks like a link is one. */
function linked(body: string): Markup[] {
  return body
    .split(/(https?:\/\/[^\s<>"]+)/)
    .map((part, at) => (at % 2 === 1 ? markup`<a href="${part}" rel="noopener noreferrer">${part}</a>` : markup`${part}`));
}

const numbers = ['code', 'ms', 'times', 'probability'];

function faultIn(form: URLSearchParams): unknown {
  const given = [...form].filter(([, value]) => value !== '');
  return Object.fromEntries(given.map(([name, value]) => [name, numbers.includes(name) ? Number(value) : value]));
}

function faults(twilio: TwilioSimulator, base: string): Markup {
  const set = twilio.faults.list();
  const codes = [...Object.entries(refusals), ...Object.entries(failures)];
  return markup`
<form method="post" action="${base}fault">
  <label>What <select name="kind">${twilioFaultKinds.map((kind) => markup`<option>${kind}</option>`)}</select></label>
  <label>Numbers like (none: all) <input name="to" placeholder="+1202*" autocomplete="off"></label>
  <label>Code (of refuse and undelivered) <select name="code"><option value="">none</option>${codes.map(([code, { message }]) => markup`<option value="${code}">${code} ${message}</option>`)}</select></label>
  <label>Milliseconds (of hang, unlisted) <input name="ms" inputmode="numeric" pattern="[0-9]*" autocomplete="off"></label>
  <label>For so many (none: until cleared) <input name="times" inputmode="numeric" pattern="[0-9]*" autocomplete="off"></label>
  <button>Make it fail</button>
</form>
<dl>${TwilioFaultWish.options.map((one) => markup`<dt>${one.shape.kind.value}</dt><dd>${one.description ?? ''}</dd>`)}</dl>
<h2>Now set</h2>
${
  set.length === 0
    ? markup`<p>None.</p>`
    : markup`<ul>${set.map(({ id, met, ...fault }) => markup`<li><form method="post" action="${base}fix/${id}"><code>${JSON.stringify(fault)}</code> met ${met} <button>Clear this one</button></form></li>`)}</ul>
<form method="post" action="${base}fix"><button>Clear all faults</button></form>`
}`;
}

function webhooks(twilio: TwilioSimulator): Markup {
  const all = twilio.webhooks.list();
  return markup`
<p>Texts that people send are posted to ${twilio.inboundUrl ?? 'nobody: POST /_control/settings says where'}.</p>
<div class="scroll"><table><caption>${all.length} posted${all.length > shownAtOnce ? `, the newest ${shownAtOnce}` : ''}</caption>
<thead><tr><th scope="col">What</th><th scope="col">Where</th><th scope="col">Answer</th></tr></thead>
<tbody>${all
    .slice(-shownAtOnce)
    .reverse()
    .map(
      ({ what, sid, url, status, error, params }) =>
        markup`<tr><td><details><summary>${what} of ${sid}</summary><pre>${JSON.stringify(params, null, 2)}</pre></details></td><td>${url}</td><td>${error ?? status ?? 'none yet'}</td></tr>`,
    )}</tbody></table></div>`;
}
