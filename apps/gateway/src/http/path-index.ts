/** Which methods a path has: for 405 and OPTIONS, off the hot path. */
export class PathIndex {
  readonly #exact: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #patterns: { readonly match: RegExp; readonly methods: Set<string> }[] = [];

  constructor(routes: readonly { readonly method: string; readonly path: string }[]) {
    const byPath = new Map<string, Set<string>>();
    for (const { method, path } of routes) {
      const methods = byPath.get(path) ?? new Set();
      methods.add(method);
      byPath.set(path, methods);
    }
    this.#exact = byPath;
    for (const [path, methods] of byPath) this.#patterns.push({ match: toRegExp(path), methods });
  }

  /** undefined: there is no such path. */
  methodsOf(path: string): string | undefined {
    const all = new Set<string>();
    // `/audit/exports` is its own thing, though it would also pass for an `/audit/:entryId`
    const written = this.#exact.get(path);
    if (written) for (const method of written) all.add(method);
    else for (const { match, methods } of this.#patterns) if (match.test(path)) for (const method of methods) all.add(method);
    return all.size === 0 ? undefined : [...all, 'OPTIONS'].sort().join(', ');
  }
}

function toRegExp(path: string): RegExp {
  const source = path.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${source.join('/')}$`);
}
