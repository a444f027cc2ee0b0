import { Envelope, type EventContract, permissionTree, type Registry, services, streamOf } from '@leasewire/contracts';
import { eventFile } from './frozen.js';
import { JsonSchema, toJsonSchema } from './json-schema.js';
import { sampleOf } from './sample.js';
import { rowsOf } from './schema-table.js';

/** The events as a page for people who subscribe to them. */
export function catalogue({ events }: Pick<Registry, 'events'>, snippets: Readonly<Record<string, string>>): string {
  const publishers = Object.keys(services).filter((service) => events.some((event) => event.service === service));
  return `${[
    introduction(events),
    howToSubscribe(snippets),
    whatToRelyOn,
    `## The envelope\n\n${table(toJsonSchema(Envelope, 'output'))}`,
    ...publishers.map((service) => chapter(service, events)),
    things(events),
  ].join('\n\n')}\n`;
}

function introduction(events: readonly EventContract[]): string {
  const rows = events.map((event) => `| [\`${event.type}\`](#${anchor(event.type)}) | ${event.describe} |`);
  return [
    '# Events',
    '<!-- Generated from libs/contracts by `npm run contracts`; edit the contracts instead. -->',
    'Every fact of the platform is an event: [CloudEvents 1.0](https://cloudevents.io) in structured JSON, on NATS JetStream. ' +
      'The same as machines read it: [asyncapi.json](asyncapi.json) (AsyncAPI 3.0), one JSON Schema (draft 7) per type in [events/](events), and the ' +
      '[envelope](envelope.json).',
    ['| type | happens when |', '| --- | --- |', ...rows].join('\n'),
  ].join('\n\n');
}

function howToSubscribe(snippets: Readonly<Record<string, string>>): string {
  return [
    '## How to subscribe',
    '**Over REST**, for everyone with an API key. The answer holds what the key may see, oldest first, and can be read again from any position.',
    code('js', snippets['read-feed.mjs'] ?? ''),
    '**On NATS**, for systems that the operator of the platform trusts. The operator gives an nkey (a file with a seed, `SU…`) whose allow-list names ' +
      'what it may read; it may be limited to one organization. The durable consumer remembers where you were; a stream keeps its events for 28 days.',
    code('js', snippets['subscribe.mjs'] ?? ''),
    'Both are programs in `tools/contracts/examples`, and tests run them.',
  ].join('\n\n');
}

const whatToRelyOn = `## What to rely on

- **At least once.** An event may come twice; its \`id\` is the same. Keep the ids you have handled, in the same transaction as their effect, or make the effect harmless to repeat.
- **Order is per aggregate, not per stream.** A retry can bring an older event after a newer one. Compare \`entityepoch\`, then \`entityversion\`, with what you have of that \`subject\`, and ignore what is lower. **Equal is not lower:** one change may be told by several events of one version (somebody is registered, and their occupancy started); each holds the same state, and whoever ignores equal versions hears only the first of them.
- **Each event holds the full state of its entity.** You can start anywhere, and a missed event is made good by the next one. Set your copy to what the event says; do not add up changes.
- **Versions.** The last part of the type is the version of its schema. Within a version only properties are added: ignore what you do not know. Anything else is a new type, \`….v2\`, published beside the old one until nobody reads it.
- **Lists of values are closed** unless the table says that more will come: a new value of a closed list is a new version.
- **No secrets.** Passwords, keys and tokens are never in an event. Names and addresses of people are: keep them no longer than you need, and forget a person when an event says that they were erased.
- **Correlation.** Everything that one request caused has the same \`correlationid\`; \`causationid\` names the event or call before it; \`actor\` is who did it.`;

function chapter(service: string, events: readonly EventContract[]): string {
  const own = events.filter((event) => event.service === service);
  return [`## ${service}`, `Stream \`${streamOf(service)}\`, all of it: \`evt.${service}.>\`.`, ...own.map(section)].join('\n\n');
}

function section(event: EventContract): string {
  return [
    `### ${event.type}`,
    event.describe,
    [
      `- Subject: \`evt.${event.type}.<organization>\``,
      `- Who may see it: ${audience(event.view)}`,
      `- Schema: [events/${event.type}.json](events/${event.type}.json)`,
    ].join('\n'),
    table(JsonSchema.parse(eventFile(event).document)),
    `<details><summary>Example</summary>\n\n${code('json', JSON.stringify(sampleOf(event), null, 2))}\n\n</details>`,
  ].join('\n\n');
}

/** The objects that several events hold, each once. */
function things(events: readonly EventContract[]): string {
  const found = new Map<string, string>();
  for (const event of events) {
    const schema = toJsonSchema(event.schema, 'output');
    for (const [name, thing] of Object.entries(schema.definitions ?? {}))
      if (thing.properties) found.set(name, table({ ...thing, definitions: schema.definitions }));
  }
  const sections = [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, rows]) => `### ${name}\n\n${rows}`);
  return ['## Things in events', ...sections].join('\n\n');
}

function audience(view: EventContract['view']): string {
  if (view === 'service') return 'services of the platform and subscribers on NATS; it is not in the REST feed';
  for (const [group, { label, children }] of Object.entries(permissionTree))
    for (const [leaf, name] of Object.entries(children))
      if (view.startsWith(`${group}.${leaf}:`))
        return `who holds *${label} › ${name}*: ${view.slice(view.lastIndexOf(':') + 1)} (\`${view}\`)`;
  return `who holds \`${view}\``;
}

function table(schema: JsonSchema): string {
  const rows = rowsOf(schema).map(({ field, type, note }) => `| \`${field}\` | ${cell(type)} | ${cell(note)} |`);
  if (rows.length === 0) return 'It has no fields.';
  return ['| field | type | |', '| --- | --- | --- |', ...rows].join('\n');
}

const cell = (text: string) => text.replaceAll('|', '\\|').replaceAll('\n', ' ');
const code = (language: string, text: string) => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;
/** As GitHub makes them of headings. */
const anchor = (heading: string) => heading.toLowerCase().replaceAll('.', '');
