/** Pages of these origins may call from a browser. None by default: the console is served from our own. */
export class Cors {
  readonly #origins: ReadonlySet<string>;

  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  allows(origin: string): boolean {
    return this.#origins.has(origin);
  }

  /** For every answer to such a page. */
  headers(origin: string | undefined): readonly string[] {
    if (this.#origins.size === 0) return [];
    if (origin === undefined || !this.#origins.has(origin)) return ['vary', 'Origin'];
    return [
      ...['vary', 'Origin', 'access-control-allow-origin', origin, 'access-control-allow-credentials', 'true'],
      ...[
        'access-control-expose-headers',
        'ETag, Location, Idempotency-Replayed, RateLimit, RateLimit-Policy, Retry-After, X-Correlation-Id',
      ],
    ];
  }

  /** For the question a browser asks beforehand. */
  preflight(origin: string | undefined, methods: string): Readonly<Record<string, string>> {
    if (origin === undefined || !this.#origins.has(origin)) return {};
    return {
      'access-control-allow-methods': methods,
      'access-control-allow-headers':
        'Authorization, X-Api-Key, Content-Type, Idempotency-Key, If-Match, If-None-Match, X-Correlation-Id, Last-Event-ID, traceparent',
      'access-control-max-age': '600',
    };
  }
}
