import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Health } from './health.js';
import type { Metrics } from './metrics.js';

/**
 * /health/live, /health/ready and /metrics on a port of their own: there from the first moment of a start to the last of a
 * shutdown, never in the way of real requests, and never reachable through the public port.
 */
export class OpsServer {
  private constructor(
    private readonly server: Server,
    readonly url: string,
  ) {}

  static async open(at: { host: string; port: number }, health: Health, metrics: Metrics): Promise<OpsServer> {
    const server = createServer((request, response) => {
      answer(request.url ?? '/', response, health, metrics).catch(() => {
        response.writeHead(500).end();
      });
    });
    await new Promise<void>((resolve, reject) => {
      server.once('error', (error) => {
        reject(
          new Error(
            `Cannot listen on ${at.host}:${at.port} for /health and /metrics (${error.message}); set LEASEWIRE_HTTP_PORT`,
            { cause: error },
          ),
        );
      });
      server.listen(at.port, at.host, resolve);
    });
    return new OpsServer(server, urlOf(server.address()));
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.server.close(() => resolve()));
    this.server.closeAllConnections();
    await closed;
  }
}

async function answer(url: string, response: ServerResponse, health: Health, metrics: Metrics): Promise<void> {
  switch (url.split('?')[0]) {
    case '/health/live':
      json(response, 200, { live: true });
      return;
    case '/health/ready': {
      const report = await health.report();
      json(response, report.ready ? 200 : 503, report);
      return;
    }
    case '/metrics':
      response.writeHead(200, { 'content-type': metrics.registry.contentType }).end(await metrics.text());
      return;
    default:
      json(response, 404, { message: 'There are /health/live, /health/ready and /metrics here.' });
  }
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(JSON.stringify(body));
}

/** What an address that was bound to looks like from outside. */
export function urlOf(address: AddressInfo | string | null): string {
  if (address === null || typeof address === 'string') throw new Error('The server does not listen on a port');
  const host = address.address === '0.0.0.0' || address.address === '::' ? '127.0.0.1' : address.address;
  return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
}
