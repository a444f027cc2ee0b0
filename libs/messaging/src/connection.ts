import { DomainError } from '@leasewire/contracts';
import { jetstreamManager } from '@nats-io/jetstream';
import { jserrors } from '@nats-io/jetstream/internal';
import { connect, delay, type NatsConnection, type NodeConnectionOptions } from '@nats-io/transport-node';
import { ConnectionState } from './connection-state.js';
import type { Log } from './log.js';
import { nkeySignIn } from './nkey.js';

export interface NatsSettings {
  /** One or several, joined by commas. */
  readonly url: string;
  readonly service: string;
  readonly seed?: string;
  readonly tls?: { readonly caFile?: string; readonly certFile?: string; readonly keyFile?: string };
}

export interface ConnectOptions {
  /** Without it, a first connection is tried for ever, as every later one is. */
  readonly giveUpAfterMs?: number;
}

const oldestServer = [2, 11] as const;
const jetStreamTries = 20;
/** A server that is just starting may not have its API up yet; one whose API nobody answers for a second has none. */
const triesUnanswered = 4;

/**
 * The one connection of a process. It reconnects for ever (the client's default gives up after 20 s and the process exits
 * with code 0: research 0.3), notices a dead peer within half a minute, and says why when it cannot be had.
 */
export async function connectNats(settings: NatsSettings, log: Log, options: ConnectOptions = {}): Promise<NatsConnection> {
  const connection = await firstConnection(settings, log, options);
  ConnectionState.of(connection, log, inboxPrefixOf(settings.service));
  try {
    assertNewEnough(connection);
    await assertJetStream(connection, log);
    const { version, server_name: server } = connection.info ?? {};
    log.info({ version, server }, 'connected to NATS');
    return connection;
  } catch (error) {
    await connection.close();
    throw error;
  }
}

export const inboxPrefixOf = (service: string): string => `_INBOX.${service}`;

function connectionOptions(settings: NatsSettings): NodeConnectionOptions {
  const servers = settings.url.split(',').map((url) => url.trim());
  const { username, password } = credentialsIn(servers[0] ?? '');
  return {
    servers: servers.map(withoutSecrets),
    name: settings.service,
    inboxPrefix: inboxPrefixOf(settings.service),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 250,
    reconnectJitter: 100,
    // A key that was refused may be accepted after the broker's configuration is reloaded.
    ignoreAuthErrorAbort: true,
    timeout: 5000,
    pingInterval: 10_000,
    maxPingOut: 2,
    noAsyncTraces: true,
    ...(settings.seed !== undefined && { authenticator: nkeySignIn(settings.seed) }),
    ...(username !== '' && { user: username, pass: password }),
    ...(settings.tls && { tls: settings.tls }),
  };
}

/** Our own loop instead of `waitOnFirstConnect`, which waits without a word. */
async function firstConnection(settings: NatsSettings, log: Log, options: ConnectOptions): Promise<NatsConnection> {
  const startedAt = performance.now();
  for (let attempt = 0; ; attempt++) {
    try {
      return await connect(connectionOptions(settings));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      const waitedMs = performance.now() - startedAt;
      if (options.giveUpAfterMs !== undefined && waitedMs >= options.giveUpAfterMs)
        throw new DomainError(
          'nats.unreachable',
          `No NATS server answers at ${withoutSecrets(settings.url)}: ${reason}.`,
          {},
          { cause: error },
        );
      if (attempt % 10 === 0)
        log.warn(
          { url: withoutSecrets(settings.url), reason },
          'NATS does not let us in yet; trying on. Is it running, and does it know our key?',
        );
      await delay(Math.min(250 * (attempt + 1), 2000));
    }
  }
}

function assertNewEnough(connection: NatsConnection): void {
  const version = connection.info?.version ?? '0.0.0';
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major > oldestServer[0] || (major === oldestServer[0] && minor >= oldestServer[1])) return;
  throw new DomainError(
    'nats.too-old',
    `nats-server ${version} is too old: 2.11 or newer is needed, older ones lose acknowledged messages on a power cut. Upgrade it (2.15.1 is what we test with).`,
  );
}

async function assertJetStream(connection: NatsConnection, log: Log): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const manager = await jetstreamManager(connection, { checkAPI: false, timeout: 2000 });
      await manager.getAccountInfo();
      return;
    } catch (error) {
      const nobodyAnswers = error instanceof jserrors.JetStreamNotEnabled;
      const saysNo = nobodyAnswers && error.cause instanceof jserrors.JetStreamApiError;
      // A cluster without a leader yet does not answer in time: that is waited for.
      const off = saysNo || connection.info?.jetstream !== true || (nobodyAnswers && attempt >= triesUnanswered);
      if (off || attempt >= jetStreamTries)
        throw new DomainError(
          'nats.no-jetstream',
          'JetStream is off on this NATS server or for this account. Start nats-server with --jetstream, or switch it on for the account.',
          {},
          { cause: error },
        );
      log.debug({ attempt, reason: String(error) }, 'JetStream does not answer yet');
      await delay(250);
    }
  }
}

/** The client does not read a user and password from the URL by itself. */
function credentialsIn(url: string): { username: string; password: string } {
  const { username, password } = URL.canParse(url) ? new URL(url) : { username: '', password: '' };
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}

function withoutSecrets(url: string): string {
  return url.replaceAll(/\/\/[^/@]*@/g, '//');
}
