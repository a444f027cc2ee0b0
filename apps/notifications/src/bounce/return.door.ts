import { once } from 'node:events';
import { Background, CONFIG, Logger } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { SMTPServer, type SMTPServerDataStream, type SMTPServerSession } from 'smtp-server';
import type { NotificationsConfig } from '../config.js';
import { tokenOf } from '../email/mail.js';
import { ReturnService } from './return.service.js';

const mostBytes = 1024 * 1024;
/** Anybody may connect; so many times the most bytes is what they can make this process hold. */
const mostClients = 100;
const againMs = 10_000;

/**
 * A mail server for return paths and nothing else: it takes mail to addresses whose token it gave out, and says so only when what came
 * is stored. Until then whoever brings it keeps it and comes again.
 */
@Injectable()
export class ReturnDoor {
  readonly #server: SMTPServer | null;
  #again: NodeJS.Timeout | undefined;

  constructor(
    private readonly returns: ReturnService,
    private readonly log: Logger,
    @Inject(CONFIG) private readonly config: NotificationsConfig,
    background: Background,
  ) {
    this.#server = config.LEASEWIRE_RETURN_PORT === undefined ? null : this.#make();
    if (this.#server) background.add('returns', { start: () => this.#open(), stop: () => this.#close() });
  }

  /** Where it listens; null: nowhere. */
  get port(): number | null {
    const address = this.#server?.server.address();
    return typeof address === 'object' && address !== null ? address.port : null;
  }

  /** Another replica on this machine may have the port: then this one waits until it is free. */
  async #open(): Promise<void> {
    const server = this.#server?.server;
    if (!server) return;
    try {
      server.listen(this.config.LEASEWIRE_RETURN_PORT ?? 0, this.config.LEASEWIRE_RETURN_HOST);
      await once(server, 'listening');
    } catch (error) {
      this.log.warn({ err: error }, 'bounces cannot be taken here for the moment; trying again');
      this.#again = setTimeout(() => void this.#open(), againMs).unref();
    }
  }

  async #close(): Promise<void> {
    clearTimeout(this.#again);
    const server = this.#server;
    if (!server?.server.listening) return;
    await new Promise<void>((resolve) => {
      server.close(resolve);
    });
  }

  #make(): SMTPServer {
    const server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['AUTH', 'STARTTLS'],
      size: mostBytes,
      maxClients: mostClients,
      closeTimeout: 2000,
      onRcptTo: ({ address }, _session, callback) => {
        this.#known(address).then(
          (known) => {
            callback(known ? null : refusal(550, '5.1.1 No such return path'));
          },
          () => {
            callback(refusal(451, '4.3.0 Try again later'));
          },
        );
      },
      onData: (stream, session, callback) => {
        this.#take(stream, session).then(
          () => {
            callback(null, '2.0.0 Taken');
          },
          (error: unknown) => {
            if (error instanceof TooLarge) {
              callback(refusal(552, '5.3.4 A report may have a megabyte'));
              return;
            }
            this.log.warn({ err: error }, 'what came back could not be stored; it comes again');
            callback(refusal(451, '4.3.0 Try again later'));
          },
        );
      },
    });
    server.on('error', (error) => {
      this.log.warn({ err: error }, 'the server for return paths had trouble with a connection');
    });
    return server;
  }

  #known(address: string): Promise<boolean> {
    const token = tokenOf(address);
    return token === null ? Promise.resolve(false) : this.returns.isKnown(token);
  }

  async #take(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of stream) {
      if (stream.sizeExceeded) chunks.length = 0;
      else if (Buffer.isBuffer(chunk)) chunks.push(chunk);
    }
    if (stream.sizeExceeded) throw new TooLarge();
    const raw = Buffer.concat(chunks);
    for (const { address } of session.envelope.rcptTo) {
      const token = tokenOf(address);
      if (token !== null) await this.returns.take(token, raw);
    }
  }
}

class TooLarge extends Error {}

function refusal(code: number, text: string): Error {
  return Object.assign(new Error(text), { responseCode: code });
}
