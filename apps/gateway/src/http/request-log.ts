import type { Clock } from '@leasewire/messaging';
import type { Logger, Metrics } from '@leasewire/service-kit';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Counter, Histogram } from 'prom-client';
import type { Exchange } from '../routing/exchange.js';
import type { RequestObserver } from './request-observer.js';

const flushMs = 200;
const mostHeld = 500;
const seconds = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10];

/**
 * Metrics and one line for each request. Lines are put together here, of nothing that could hold a secret: the template of a
 * path and not the path, ids and not names; and written many at once, because writing costs more than answering.
 */
export class RequestLog implements RequestObserver, OnApplicationShutdown {
  readonly #duration: Histogram<'route' | 'method' | 'status'>;
  readonly #problems: Counter<'code'>;
  /** The time series of a route and status, found once. */
  readonly #series = new Map<string, { observe(value: number): void }>();
  #lines = '';
  #at = 0;
  #atText = '';
  #held = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(
    { registry }: Metrics,
    private readonly logger: Logger,
    private readonly clock: Clock,
    private readonly logged: boolean,
  ) {
    this.#duration = new Histogram({
      name: 'leasewire_http_seconds',
      help: 'Requests answered, from their headers to the reply',
      labelNames: ['route', 'method', 'status'],
      buckets: seconds,
      registers: [registry],
    });
    this.#problems = new Counter({
      name: 'leasewire_http_problems_total',
      help: 'Problems answered, by code',
      labelNames: ['code'],
      registers: [registry],
    });
  }

  answered(exchange: Exchange, status: number, code: string | undefined): void {
    const { route, startedAt } = exchange;
    const ms = performance.now() - startedAt;
    this.#observe(route.path, route.method, status, ms);
    if (code !== undefined) this.#problems.inc({ code });
    if (!this.logged || !this.logger.infoEnabled) return;
    const { caller, correlationId, address } = exchange;
    const by = caller ? `,"actor":"${caller.principal.ref}","orgId":"${caller.principal.orgId}"` : `,"address":"${address}"`;
    const problem = code === undefined ? '' : `,"code":"${code}"`;
    this.#write(
      `"route":"${route.path}","method":"${exchange.request.raw.method ?? ''}","status":${status},"ms":${ms.toFixed(1)},"correlationId":"${correlationId}"${by}${problem}`,
    );
  }

  answeredEarly(method: string, status: number, code: string): void {
    const known = /^[A-Z]{3,10}$/.test(method) ? method : 'other';
    this.#observe('none', known, status, 0);
    this.#problems.inc({ code });
    if (this.logged && this.logger.infoEnabled)
      this.#write(`"route":"none","method":"${known}","status":${status},"code":"${code}"`);
  }

  onApplicationShutdown(): void {
    this.flush();
  }

  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const lines = this.#lines;
    this.#lines = '';
    this.#held = 0;
    if (lines !== '') this.logger.writeLines(lines);
  }

  #observe(route: string, method: string, status: number, ms: number): void {
    const key = `${method}${status}${route}`;
    let series = this.#series.get(key);
    if (!series) {
      series = this.#duration.labels(route, method, String(status));
      this.#series.set(key, series);
    }
    series.observe(ms / 1000);
  }

  /** As text, made once a millisecond. */
  #time(): string {
    const now = this.clock.now();
    if (now.getTime() !== this.#at) {
      this.#at = now.getTime();
      this.#atText = now.toISOString();
    }
    return this.#atText;
  }

  #write(fields: string): void {
    this.#lines += `{"level":"info","time":"${this.#time()}","service":"gateway",${fields},"msg":"request"}\n`;
    if (++this.#held >= mostHeld) this.flush();
    else
      this.#timer ??= setTimeout(() => {
        this.flush();
      }, flushMs).unref();
  }
}
