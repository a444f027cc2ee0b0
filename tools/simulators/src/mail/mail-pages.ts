import { layout, markup, Markup, pageHeaders, type Layout } from '../html.js';
import type { Asked } from '../http/exchange.js';
import { html, missing, seeOther, type Answer } from '../http/site.js';
import { contentOf, type Content } from './content.js';
import { bounceFormats } from './returns/bounce.js';
import { detailsOf, reactOf } from './mail-api.js';
import type { MailCatcher } from './mail-catcher.js';
import { AutoReply, Bounce, Complaint, mailFaultKinds, MailFaultWish, moments } from './faults.js';
import type { Mail } from './mail.js';

const places = [
  { path: '', name: 'Mails' },
  { path: 'faults', name: 'Faults' },
  { path: 'returned', name: 'Bounces and reports' },
];
const shownAtOnce = 100;

/** `null`: it is no page. */
export async function mailPages(catcher: MailCatcher, asked: Asked): Promise<Answer | null> {
  const { verb, path, body } = asked;
  const base = `${new URL(asked.base).pathname.replace(/\/$/, '')}/`;
  const page = (title: string, here: string, main: Markup): Answer =>
    html(layout({ title, base, places, here, main } satisfies Layout), pageHeaders);
  const [root = '', id = '', what] = path.split('/').slice(1);
  const mail = catcher.mailbox.get(id);
  switch (`${verb} ${root}`) {
    case 'GET ':
      return path === '' && base !== '/' ? seeOther(base) : page('Mail catcher', '', list(catcher, base, asked.query));
    case 'GET view':
      if (mail === undefined) return missing(`mail ${id}`);
      if (what === 'html') return bareHtml(mail, base);
      return page(mail.head.subject || 'No subject', 'view', await view(catcher, mail, base));
    case 'POST view':
      if (mail === undefined) return missing(`mail ${id}`);
      react(catcher, mail, new URLSearchParams(body));
      return seeOther(`${base}returned`);
    case 'POST delete':
      catcher.mailbox.clear();
      return seeOther(base);
    case 'GET faults':
      return wantsPage(asked) ? page('Faults', 'faults', faults(catcher, base)) : null;
    case 'POST fault':
      await catcher.fault(faultIn(new URLSearchParams(body)));
      return seeOther(`${base}faults`);
    case 'POST fix':
      await catcher.clearFaults(id === '' ? undefined : Number(id));
      return seeOther(`${base}faults`);
    case 'GET returned':
      return page('Bounces and reports', 'returned', returned(catcher));
    default:
      return null;
  }
}

function wantsPage({ headers }: Asked): boolean {
  return (headers.accept ?? '').includes('text/html');
}

function list(catcher: MailCatcher, base: string, query: URLSearchParams): Markup {
  const text = query.get('to') ?? '';
  const sender = query.get('sender') ?? '';
  const found = catcher.mails({ ...(text !== '' && { to: `*${text}*` }), ...(sender !== '' && { sender }) });
  const { accepted, answered, dropped } = catcher.tally();
  const { host, port, user, password } = catcher.smtp;
  const senders = [...catcher.mailbox.senders()].sort();
  return markup`
<p>Everything sent by SMTP to ${host}:${port} (user ${user}, password ${password}) ends here and goes nowhere.
${accepted} accepted since the last deletion, ${answered} of them answered${dropped > 0 ? `, the oldest ${dropped} are no longer kept` : ''}.</p>
<form role="search" action="${base}">
  <label>Recipient contains <input name="to" value="${text}" autocomplete="off"></label>
  <label>Sender <select name="sender"><option value="">all</option>${senders.map(
    ([one, count]) => markup`<option value="${one}"${one === sender ? new Markup(' selected') : ''}>${one} (${count})</option>`,
  )}</select></label>
  <button>Show</button>
</form>
<table>
<caption>${found.length} mails${found.length > shownAtOnce ? `, the newest ${shownAtOnce}` : ''}</caption>
<thead><tr><th scope="col">Subject</th><th scope="col">To</th><th scope="col">From</th><th scope="col">Came at</th></tr></thead>
<tbody>${found
    .slice(-shownAtOnce)
    .reverse()
    .map((mail) => row(mail, base))}</tbody>
</table>
<form method="post" action="${base}delete"><button>Delete all mails</button></form>`;
}

function row({ id, head, envelope, at, answered }: Mail, base: string): Markup {
  return markup`<tr><td><a href="${base}view/${id}">${head.subject || 'No subject'}</a>${answered ? '' : ' (the sender was not told that it came)'}</td>
<td>${envelope.to.join(', ')}</td><td>${head.from}</td><td><time datetime="${at.toISOString()}">${at.toISOString().slice(0, 19).replace('T', ' ')}</time></td></tr>`;
}

async function view(catcher: MailCatcher, mail: Mail, base: string): Promise<Markup> {
  const details = await detailsOf(catcher, mail);
  const { text, headers, attachments, links, unsubscribe, dkim, envelope } = details;
  const signedFor = (name: string) => dkim.some(({ result, signed }) => result === 'pass' && signed.includes(name));
  const oneClick = unsubscribe?.oneClick === true;
  const covered = signedFor('list-unsubscribe') && signedFor('list-unsubscribe-post');
  return markup`
<table><caption>About this mail</caption><tbody>
${line('From', mail.head.from)}${line('To', envelope.to.join(', '))}${line('Return path', envelope.from || 'none (a report)')}
${line('Came at', mail.at.toISOString())}${line('Message-ID', mail.head.messageId ?? 'none')}
${line('DKIM', dkim.length === 0 ? 'not signed' : dkim.map(({ result, why, domain }) => `${result} (${domain}${why === null ? '' : `: ${why}`})`).join('; '))}
${unsubscribe === null ? '' : line('Unsubscribe', `${unsubscribe.url ?? unsubscribe.mailto ?? 'no address'}${oneClick ? `, one click${covered ? '' : ' (but not signed by DKIM: mailbox providers will not offer it)'}` : ''}`)}
${line('The sender was told', mail.answered ? 'that it was accepted' : 'nothing: the connection was cut')}
</tbody></table>
${
  details.html === null
    ? ''
    : markup`<h2>As HTML</h2>
<iframe title="The mail as HTML" sandbox="allow-popups allow-popups-to-escape-sandbox" src="${base}view/${mail.id}/html"></iframe>`
}
<h2>As text</h2>${text === null ? markup`<p>It has no text part.</p>` : markup`<pre tabindex="0" aria-label="The mail as text">${text}</pre>`}
<h2>Links</h2>${links.length === 0 ? markup`<p>None.</p>` : markup`<ul>${links.map(({ href, text: words }) => markup`<li>${link(href, words)}</li>`)}</ul>`}
<h2>Attachments</h2>${attachments.length === 0 ? markup`<p>None.</p>` : markup`<ul>${attachments.map(({ filename, mimeType, size, path }) => markup`<li><a href="${base}${path.slice(1)}">${filename ?? 'without a name'}</a> (${mimeType}, ${size} bytes)</li>`)}</ul>`}
<h2>Headers and source</h2>
<details><summary>${headers.length} headers</summary><table><tbody>${headers.map(({ name, value }) => line(name, value))}</tbody></table></details>
<p><a href="${base}mails/${mail.id}/source">The source as it came (${mail.raw.length} bytes)</a></p>
<h2>Let something come back</h2>
${reactionForm(mail, base)}`;
}

/** Only what a browser follows safely is a link. */
function link(href: string, words: string): Markup {
  if (!/^(?:https?|mailto|tel):/i.test(href)) return markup`${words}: ${href}`;
  return markup`<a href="${href}" target="_blank" rel="noopener noreferrer">${words || href}<span> (opens a new tab)</span></a> ${words === href ? '' : href}`;
}

function line(name: string, value: string): Markup {
  return markup`<tr><th scope="row">${name}</th><td>${value}</td></tr>`;
}

function options(of: readonly string[], chosen?: string): Markup[] {
  return of.map((one) => markup`<option${one === chosen ? new Markup(' selected') : ''}>${one}</option>`);
}

/** The mail's own HTML, where it can do nothing but open links in a new tab. */
async function bareHtml(mail: Mail, base: string): Promise<Answer> {
  const content = await contentOf(mail);
  const shown = `<!doctype html><base target="_blank">${withInlineImages(content, mail, base)}`;
  return html(shown, {
    'Content-Security-Policy':
      "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src * data:; font-src data:",
    'Referrer-Policy': 'no-referrer',
  });
}

function withInlineImages({ html: text, attachments }: Content, { id }: Mail, base: string): string {
  return attachments.reduce(
    (shown, { contentId }, at) =>
      contentId === null ? shown : shown.replaceAll(`cid:${contentId}`, `${base}mails/${id}/attachments/${at}`),
    text ?? '',
  );
}

function reactionForm({ id, envelope }: Mail, base: string): Markup {
  return markup`<form method="post" action="${base}view/${id}">
  <label>Of <select name="recipient">${options(envelope.to)}</select></label>
  <label>What <select name="kind">${options(['bounce', 'complaint', 'auto-reply'])}</select></label>
  <label>Bounce says <select name="status">${options(['5.1.1', '5.2.2', '5.7.1', '4.2.2', '4.4.1'])}</select></label>
  <label>Bounce looks like <select name="format">${options(bounceFormats)}</select></label>
  <button>Send it</button></form>`;
}

function react(catcher: MailCatcher, mail: Mail, form: URLSearchParams): void {
  const given = (name: string) => form.get(name) ?? undefined;
  const recipient = given('recipient');
  const kind = given('kind');
  if (kind === 'complaint') reactOf(catcher, mail, recipient, { kind, ...Complaint.parse({}) }, 0);
  else if (kind === 'auto-reply') reactOf(catcher, mail, recipient, { kind, ...AutoReply.parse({}) }, 0);
  else
    reactOf(
      catcher,
      mail,
      recipient,
      { kind: 'bounce', ...Bounce.parse({ status: given('status'), format: given('format') }) },
      0,
    );
}

function faults(catcher: MailCatcher, base: string): Markup {
  const set = catcher.faults.list();
  return markup`
<form method="post" action="${base}fault">
  <label>What <select name="kind">${options(mailFaultKinds)}</select></label>
  <label>At <select name="at"><option value="">the usual moment</option>${options(moments)}</select></label>
  <label>Recipients like (none: all) <input name="to" placeholder="*@example.com" autocomplete="off"></label>
  <label>Code (of reject) <input name="code" inputmode="numeric" pattern="[45][0-9]{2}" autocomplete="off"></label>
  <label>Milliseconds <input name="ms" inputmode="numeric" pattern="[0-9]*" autocomplete="off"></label>
  <label>Mails a minute (of rate-limit) <input name="perMinute" inputmode="numeric" pattern="[0-9]*" autocomplete="off"></label>
  <label>For so many (none: until cleared) <input name="times" inputmode="numeric" pattern="[0-9]*" autocomplete="off"></label>
  <label>Share of them, 0 to 1 <input name="probability" inputmode="decimal" pattern="0|1|0?\\.[0-9]+" autocomplete="off"></label>
  <button>Make it fail</button>
</form>
<dl>${MailFaultWish.options.map((one) => markup`<dt>${one.shape.kind.value}</dt><dd>${one.description ?? ''}</dd>`)}</dl>
<h2>Now set</h2>
${
  set.length === 0
    ? markup`<p>None.</p>`
    : markup`<ul>${set.map(({ id, met, ...fault }) => markup`<li><form method="post" action="${base}fix/${id}"><code>${JSON.stringify(fault)}</code> met ${met} <button>Clear this one</button></form></li>`)}</ul>
<form method="post" action="${base}fix"><button>Clear all faults</button></form>`
}`;
}

const numbers = ['code', 'ms', 'perMinute', 'times', 'probability'];

function faultIn(form: URLSearchParams): unknown {
  const given = [...form].filter(([, value]) => value !== '');
  return Object.fromEntries(given.map(([name, value]) => [name, numbers.includes(name) ? Number(value) : value]));
}

function returned(catcher: MailCatcher): Markup {
  const { address } = catcher.courier;
  const all = catcher.returns();
  return markup`
<p>${address === null ? 'Nobody said where they go (POST returns); they wait.' : `They are delivered to ${address.host}:${address.port}.`}</p>
<table><caption>${all.length} in all${all.length > shownAtOnce ? `, the newest ${shownAtOnce}` : ''}</caption>
<thead><tr><th scope="col">What</th><th scope="col">To</th><th scope="col">State</th></tr></thead>
<tbody>${all
    .slice(-shownAtOnce)
    .reverse()
    .map(
      ({ what, to, state, error, raw }) =>
        markup`<tr><td><details><summary>${what}</summary><pre>${raw.toString('utf8')}</pre></details></td><td>${to}</td><td>${state}${error === null ? '' : `: ${error}`}</td></tr>`,
    )}</tbody></table>`;
}
