import type { Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';

/** An SMTP server whose connections can be cut, and that can stop listening for a while on the same port. */
export class SocketServer extends SMTPServer {
  readonly #sockets = new Map<string, Socket>();
  #port = 0;

  override connect(...[socket, about]: Parameters<SMTPServer['connect']>): void {
    const id = about?.id;
    if (id !== undefined) {
      this.#sockets.set(id, socket);
      socket.once('close', () => this.#sockets.delete(id));
    }
    super.connect(socket, about);
  }

  async open(port: number): Promise<number> {
    const { server } = this;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, '127.0.0.1', () => {
        server.off('error', reject);
        resolve();
      });
    });
    const address = server.address();
    this.#port = typeof address === 'object' && address !== null ? address.port : 0;
    return this.#port;
  }

  isOpen(id: string): boolean {
    return this.#sockets.get(id)?.destroyed === false;
  }

  /** What the client sees is a lost connection, at once. */
  cut(id: string): void {
    this.#sockets.get(id)?.resetAndDestroy();
  }

  /** Nobody listens, and whoever was connected is cut off. */
  shut(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      if (this.server.listening) this.server.close(() => resolve());
      else resolve();
    });
    for (const id of this.#sockets.keys()) this.cut(id);
    return closed;
  }

  async openAgain(): Promise<void> {
    if (!this.server.listening) await this.open(this.#port);
  }
}
