import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import type { baseConfig } from './base-config.js';
import { fieldsOf, isSecretField, mayBe } from './config-words.js';
import { messageOf } from './is-error.js';

export type Env = Readonly<Record<string, string | undefined>>;
/**
 * What CONFIG injects: the common variables and those of the service's own schema. Keys are the variables' own names, so
 * that a search finds both ends.
 */
export type Config<S extends z.ZodObject> = Readonly<z.output<typeof baseConfig> & z.output<S>>;

export const configExitCode = 78; // EX_CONFIG of sysexits.h: a supervisor sees that a restart will not help

/** Every problem of the environment at once: nobody should have to start a service five times to learn five things. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  constructor(
    readonly service: string,
    readonly problems: readonly string[],
  ) {
    const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
    super(`${service} cannot start: ${count} in its environment.\n${problems.map((p) => `  - ${p}`).join('\n')}`);
  }
}

export interface LoadedConfig<S extends z.ZodObject> {
  readonly config: Readonly<z.output<S>>;
  /** Variables that look like ours and are read by nobody, each with the name that was probably meant. */
  readonly warnings: readonly string[];
  /** The values of secret variables; the logger blots them out wherever they turn up. */
  readonly secrets: readonly string[];
}

/** Of this process. Whoever needs it takes it as a default, so that tests can give another. */
export const processEnv = (): Env => process.env;

/** The only reader of the environment. */
export function loadConfig<S extends z.ZodObject>(service: string, schema: S, env: Env): LoadedConfig<S> {
  const fields = fieldsOf(schema);
  const names = [...fields.keys()];
  const { values, problems } = readValues(names, env);
  const parsed = schema.safeParse(values);
  if (!parsed.success) {
    const alreadySaid = new Set(problems.map((p) => p.name));
    for (const issue of parsed.error.issues) {
      const name = String(issue.path[0] ?? '');
      const field = fields.get(name);
      if (alreadySaid.has(name) || !field) continue;
      alreadySaid.add(name);
      problems.push({ name, text: describeProblem(name, field, values[name], issue) });
    }
  }
  if (problems.length > 0 || !parsed.success) {
    throw new ConfigError(service, problems.map((p) => p.text).sort());
  }
  const secrets = names.flatMap((name) => (isSecretField(fields.get(name)) ? secretsIn(values[name] ?? '') : []));
  return { config: deepFreeze(parsed.data), warnings: misspelt(names, env), secrets };
}

/** Of a URL only its password: where a server is, is worth reading. Of a list of keys each one too. */
function secretsIn(value: string): string[] {
  if (value.includes('://')) {
    const password = /:\/\/[^/?#]*?:(.*)@/.exec(value)?.[1];
    return password ? [password, decodeURIComponent(password)] : [];
  }
  return value === '' ? [] : [value, ...value.split(/[,:\s]/).filter((part) => part.length >= 16)];
}

interface Problem {
  readonly name: string;
  readonly text: string;
}

/** A variable, or the content of the file that `<NAME>_FILE` names. An empty value is no value: compose files set those. */
function readValues(names: readonly string[], env: Env): { values: Record<string, string>; problems: Problem[] } {
  const values: Record<string, string> = {};
  const problems: Problem[] = [];
  for (const name of names) {
    const direct = env[name];
    const file = env[`${name}_FILE`];
    if (direct && file) {
      problems.push({ name, text: `${name} and ${name}_FILE are both set; keep one of them.` });
    } else if (file) {
      try {
        values[name] = readFileSync(file, 'utf8').replace(/\r?\n$/, '');
      } catch (error) {
        problems.push({ name, text: `${name}_FILE names a file that cannot be read (${messageOf(error)}).` });
      }
    } else if (direct) values[name] = direct;
  }
  return { values, problems };
}

function describeProblem(name: string, field: z.core.$ZodType, value: string | undefined, issue: z.core.$ZodIssue): string {
  if (value === undefined) return `${name} is missing; it must be ${mayBe(field)}.`;
  const shown = isSecretField(field) ? 'has a value that does not fit' : `is ${JSON.stringify(value)}`;
  const detail = issue.code === 'custom' || issue.code === 'invalid_format' ? ` (${issue.message})` : '';
  return `${name} ${shown}${detail}; it must be ${mayBe(field)}.`;
}

/** Variables of ours that nobody here reads but that look like one that somebody does: most likely a slip. */
function misspelt(known: readonly string[], env: Env): string[] {
  const all = new Set(known.flatMap((name) => [name, `${name}_FILE`]));
  return Object.keys(env).flatMap((name) => {
    if (!name.startsWith(prefix) || all.has(name) || readElsewhere.test(name)) return [];
    const [nearest] = [...all].map((other) => ({ other, apart: distance(name, other) })).sort((a, b) => a.apart - b.apart);
    // what is unlike everything belongs to another service: they may share one environment
    if (!nearest || nearest.apart > (name.length - prefix.length) / 2) return [];
    return [`${name} is not read by this service. Did you mean ${nearest.other}?`];
  });
}

const prefix = 'LEASEWIRE_';
/** Near to names that services read, and meant for tools, tests or another service. */
const readElsewhere = /^LEASEWIRE_(HOME|PORT|HOST|FAULT|CACHE|REPLICAS|LEASH|PUBLIC_URL|MIN_FREE_MB|DEV_.*|TEST_.*)$/;

/** Levenshtein's edit distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}

function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  for (const part of Object.values(value)) deepFreeze(part);
  return Object.freeze(value);
}
