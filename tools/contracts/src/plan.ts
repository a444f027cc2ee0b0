import { adviceFor, brokenBy, type Published } from './frozen.js';

export interface Documents {
  readonly frozen: readonly Published[];
  /** Derived files without a promise of their own, by path. */
  readonly derived: ReadonlyMap<string, string>;
}

export interface Plan {
  readonly write: ReadonlyMap<string, string>;
  readonly remove: readonly string[];
  readonly same: number;
  readonly broken: readonly { readonly name: string; readonly problems: readonly string[]; readonly advice: string }[];
}

/** What would have to change in the folder so that it says what the contracts say, and which promises that would break. */
export function plan(wanted: Documents, there: ReadonlyMap<string, string>, refreeze: readonly string[]): Plan {
  const broken: Plan['broken'][number][] = [];
  const may = (name: string) => refreeze.includes(name) || refreeze.includes('all');
  const files = new Map(wanted.derived);

  for (const contract of wanted.frozen) {
    files.set(contract.path, asText(contract.document));
    const before = there.get(contract.path);
    if (before === undefined || may(contract.name)) continue;
    const problems = brokenBy(JSON.parse(before), contract).map(({ at, what }) => `${at} ${what}`);
    if (problems.length > 0) broken.push({ name: contract.name, problems, advice: adviceFor(contract) });
  }

  const gone = [...there.keys()].filter((path) => !files.has(path));
  for (const path of gone) {
    const withdrawn = frozenAt(path);
    if (withdrawn && !may(withdrawn.name))
      broken.push({ name: withdrawn.name, problems: ['it is gone from the registry'], advice: adviceFor(withdrawn) });
  }

  const write = new Map([...files].filter(([path, content]) => there.get(path) !== content));
  return { write, remove: gone, same: files.size - write.size, broken };
}

export function asText(document: unknown): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function frozenAt(path: string): Pick<Published, 'kind' | 'name'> | undefined {
  if (path === 'envelope.json') return { kind: 'envelope', name: 'envelope' };
  const [, folder, name] = /^(events|rpc|jobs)\/(.+)\.json$/.exec(path) ?? [];
  if (name === undefined) return undefined;
  return { kind: folder === 'events' ? 'event' : folder === 'rpc' ? 'rpc' : 'job', name };
}
