import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onCleanUp } from './cleanup.js';

/** Longer than any test is silent: a client must not ask on a connection that is being closed. */
const keepAliveTimeout = 600_000;

/** Before several replicas, as in a data centre: each request goes to the next of them, and past one that is not there. */
export class Balancer {
  #turn = 0;

  private constructor(
    private readonly server: Server,
    private readonly targets: readonly string[],
  ) {}

  static async before(targets: readonly string[]): Promise<Balancer> {
    const server = createServer({ requestTimeout: 0, keepAliveTimeout });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const balancer = new Balancer(server, targets);
    server.on('request', (asked, answer) => {
      balancer.#hand(asked, answer, targets.length);
    });
    onCleanUp(() => balancer.close());
    return balancer;
  }

  get url(): string {
    // listening on a port, the address is one of a port
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #hand(asked: IncomingMessage, answer: ServerResponse, tries: number): void {
    const target = new URL(this.targets[this.#turn++ % this.targets.length] ?? '');
    const { method, url: path, headers } = asked;
    // a connection of its own: one that is kept may be closed by the gateway at the very moment
    const handed = request({ hostname: target.hostname, port: target.port, method, path, headers, agent: false });
    handed.on('response', (from) => {
      const { connection: _, 'keep-alive': __, ...own } = from.headers; // of that connection, not of the one to whoever asked
      answer.writeHead(from.statusCode ?? 502, own);
      from.pipe(answer);
      from.on('error', () => answer.destroy());
    });
    // not before it is taken: what was read for one that refuses would be lost for the next
    handed.on('socket', (socket) => {
      if (socket.connecting) socket.once('connect', () => asked.pipe(handed));
      else asked.pipe(handed);
    });
    handed.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNREFUSED' && tries > 1) this.#hand(asked, answer, tries - 1);
      else answer.destroy();
    });
    answer.on('close', () => handed.destroy());
  }
}
