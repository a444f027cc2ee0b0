import { connect, createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { onCleanUp } from './cleanup.js';

/**
 * Stands between a client and a server and makes the network between them bad: slow, silent (half open: connections stay
 * and nothing arrives), cut, or gone.
 */
export class TcpProxy {
  readonly #pairs = new Set<readonly [Socket, Socket]>();
  #latencyMs = 0;
  #silent = false;
  #refusing = false;

  private constructor(
    private readonly server: Server,
    readonly port: number,
  ) {}

  static async open(target: number): Promise<TcpProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // listening on a port, the address is one of a port
    const proxy = new TcpProxy(server, (server.address() as AddressInfo).port);
    server.on('connection', (socket) => {
      proxy.#accept(socket, target);
    });
    onCleanUp(() => proxy.close());
    return proxy;
  }

  /** Each piece of data arrives so much later, in both directions. */
  delay(ms: number): void {
    this.#latencyMs = ms;
  }

  /** Nothing passes any more, and nobody is told. */
  silence(): void {
    this.#silent = true;
    for (const pair of this.#pairs) for (const socket of pair) socket.pause();
  }

  /** What was held back arrives now. */
  speak(): void {
    this.#silent = false;
    for (const pair of this.#pairs) for (const socket of pair) socket.resume();
  }

  /** Breaks every connection; new ones are let through. */
  cut(): void {
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy();
  }

  /** Breaks every connection and lets no new one through until `restore`. */
  refuse(): void {
    this.#refusing = true;
    this.cut();
  }

  restore(): void {
    this.#refusing = false;
    this.speak();
  }

  async close(): Promise<void> {
    this.refuse();
    await new Promise((resolve) => this.server.close(resolve));
  }

  #accept(client: Socket, target: number): void {
    if (this.#refusing) {
      client.destroy();
      return;
    }
    const upstream = connect(target, '127.0.0.1');
    const pair = [client, upstream] as const;
    this.#pairs.add(pair);
    this.#forward(client, upstream, pair);
    this.#forward(upstream, client, pair);
    if (this.#silent) this.silence();
  }

  #forward(from: Socket, to: Socket, pair: readonly [Socket, Socket]): void {
    from.setNoDelay(true);
    from.on('data', (data) => {
      if (this.#latencyMs === 0) to.write(data);
      else setTimeout(() => to.write(data), this.#latencyMs); // equal delays keep the order
    });
    from.on('error', () => undefined);
    from.on('close', () => {
      this.#pairs.delete(pair);
      to.destroy();
    });
  }
}
