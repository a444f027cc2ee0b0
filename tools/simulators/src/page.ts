import { FaultWish } from './faults/faults.js';
import { operations } from './operations/operations.js';
import { vendors } from './world/model.js';

/** One page to look at the world and to click what the control API can do. Plain elements, labels, one live region; no framework. */
export function page(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Leasewire simulators</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>Leasewire simulators</h1>
<p>Invented people in invented properties. <span id="today"></span></p>
<p role="status" id="said">Nothing done yet.</p>
<section aria-labelledby="properties-title"><h2 id="properties-title">Properties</h2><div id="properties"></div></section>
<section aria-labelledby="people-title"><h2 id="people-title">People</h2>
  <form id="find"><label>Property <select name="propertyId" id="property"></select></label>
  <label>Name, e-mail, unit or id contains <input name="text" autocomplete="off"></label><button>Show</button></form>
  <div id="people"></div></section>
<section aria-labelledby="do-title"><h2 id="do-title">Change something</h2>
  <form id="do"><label>What <select name="operation">${options(Object.keys(operations))}</select></label>
  <p id="about"></p>
  <label>With (JSON) <textarea name="body" rows="5" spellcheck="false">{}</textarea></label><button>Do it</button></form>
  <form id="day"><button>Let a day go by</button></form>
  <form id="reset"><button>Begin again with the seed</button></form></section>
<section aria-labelledby="faults-title"><h2 id="faults-title">Faults</h2>
  <form id="fault"><label>What <select name="kind">${options(FaultWish.shape.kind.options)}</select></label>
  <label>Vendor <select name="vendor"><option value="">all</option>${options(vendors)}</select></label>
  <label>Method (none: all) <input name="method" placeholder="getLeases" autocomplete="off"></label>
  <label>For so many calls (none: until cleared) <input name="times" inputmode="numeric" pattern="[0-9]*"></label>
  <button>Make it fail</button></form>
  <div id="faults"></div>
  <form id="clear"><button>Clear all faults</button></form></section>
</main>
<script>${script}</script>
</body>
</html>`;
}

function options(of: readonly string[]): string {
  return of.map((one) => `<option>${one}</option>`).join('');
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 70rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; width: 100%; } th, td { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid #8886; vertical-align: top; }
form { display: flex; flex-wrap: wrap; gap: .75rem; align-items: end; margin: .75rem 0; } label { display: grid; gap: .25rem; }
textarea { width: min(36rem, 90vw); font-family: ui-monospace, monospace; } #about { flex-basis: 100%; margin: 0; }
input, select, textarea, button { font: inherit; padding: .35rem .5rem; min-height: 2.75rem; max-width: 100%; box-sizing: border-box; }
#properties, #people, #faults { overflow-x: auto; } p { overflow-wrap: anywhere; } [role=status] { padding: .5rem; border: 1px solid #8886; white-space: pre-wrap; }
:focus-visible { outline: 3px solid Highlight; outline-offset: 2px; }`;

const script = `
const at = (id) => document.getElementById(id);
const ask = async (verb, path, body) => {
  const reply = await fetch('/control/' + path, { method: verb, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  const told = await reply.json();
  if (!reply.ok) throw new Error(told.error);
  return told;
};
const table = (caption, heads, rows) => {
  const made = document.createElement('table');
  made.createCaption().textContent = caption;
  const head = made.createTHead().insertRow();
  for (const text of heads) { const cell = document.createElement('th'); cell.scope = 'col'; cell.textContent = text; head.append(cell); }
  const body = made.createTBody();
  for (const cells of rows) { const row = body.insertRow(); for (const text of cells) row.insertCell().textContent = text; }
  return made;
};
const counted = (leases) => Object.entries(leases).map(([status, count]) => count + ' ' + status).join(', ');
async function show() {
  const { today, seed, properties, faults } = await ask('GET', 'summary');
  at('today').textContent = 'Seed ' + seed + '; it is ' + today + '.';
  at('properties').replaceChildren(table('All vendors', ['Id', 'Vendor', 'Kind', 'Name', 'Units', 'Leases'],
    properties.map((one) => [one.id, one.vendor, one.kind, one.name, one.units, counted(one.leases)])));
  const chosen = at('property').value;
  at('property').replaceChildren(...properties.map((one) => new Option(one.name + ' (' + one.vendor + ')', one.id, false, one.id === chosen)));
  at('faults').replaceChildren(faults.length === 0 ? 'None.' : table('Now set', ['Kind', 'Vendor', 'Method', 'Calls met'],
    faults.map((one) => [one.kind, one.vendor ?? 'all', one.method ?? 'all', one.met + (one.times ? ' of ' + one.times : '')])));
}
async function people(form) {
  const wanted = form.get('text').toLowerCase();
  const { residents } = await ask('GET', 'state?propertyId=' + form.get('propertyId'));
  const line = (one) => one.stays.map((stay) => [stay.leaseStatus, stay.role, stay.unit + (stay.bedrooms[0] ? '-' + stay.bedrooms[0] : ''), 'lease ' + stay.leaseId, 'unit id ' + stay.unitId].join(' ')).join('; ');
  const rows = residents.map((one) => [one.customerId, (one.firstName + ' ' + one.lastName).trim(), one.email ?? 'none', line(one)]);
  const found = rows.filter((cells) => cells.join(' ').toLowerCase().includes(wanted));
  at('people').replaceChildren(table(found.length + ' found' + (found.length > 200 ? ', the first 200' : ''), ['Customer id', 'Name', 'E-mail', 'Stays'], found.slice(0, 200)));
}
const on = (id, act) => at(id).addEventListener('submit', async (event) => {
  event.preventDefault();
  try {
    const told = await act(new FormData(event.target));
    if (told !== undefined) at('said').textContent = 'Done: ' + JSON.stringify(told).slice(0, 600);
    await show();
  } catch (error) { at('said').textContent = 'Not done: ' + error.message; }
});
on('find', people);
on('do', (form) => ask('POST', form.get('operation'), JSON.parse(form.get('body'))));
on('day', () => ask('POST', 'advance', { days: 1 }));
on('reset', () => ask('POST', 'reset', {}));
on('clear', () => ask('DELETE', 'faults'));
on('fault', (form) => ask('POST', 'faults', Object.fromEntries(
  [...form].filter(([, value]) => value !== '').map(([name, value]) => [name, name === 'times' ? Number(value) : value]))));
const choose = at('do').elements.operation;
const explain = async () => {
  const { about, body } = (await ask('GET', ''))[choose.value];
  const fields = (body.anyOf ?? [body]).map((one) => Object.keys(one.properties ?? {}).map((name) => name + ((one.required ?? []).includes(name) ? '' : '?')).join(', '));
  at('about').textContent = about + ' Fields: ' + fields.join(' — or: ');
};
choose.addEventListener('change', explain);
show().then(explain);`;
