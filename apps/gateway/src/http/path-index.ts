/** Which methods a path has: for 405 and OPTIONS, off the hot path. */
export class PathIndex {
  readonly #patterns: { readonly match: RegExp; readonly methods: Set<string> }[] = [];

  constructor(routes: readonly { readonly method: string; readonly path: string }[]) {
    const byPath = new Map<string, Set<string>>();
    for (const { method, path } of routes) {
      const methods = byPath.get(path) ?? new Set();
      methods.add(method);
      byPath.set(path, methods);
    }
    for (const [path, methods] of byPath) this.#patterns.push({ match: toRegExp(path), methods });
  }

  /** undefined: there is no such path. */
  methodsOf(path: string): string | undefined {
    const all = new Set<string>();
    for (const { match, methods } of this.#patterns) if (match.test(path)) for (const method of methods) all.add(method);
    return all.size === 0 ? undefined : [...all, 'OPTIONS'].sort().join(', ');
  }
}

function toRegExp(path: string): RegExp {
  const source = path.split('/').map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${source.join('/')}$`);
}
