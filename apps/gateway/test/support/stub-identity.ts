import {
  DomainError,
  heartbeatSubject,
  resolveApiKey,
  resolveSession,
  sessionEnded,
  staffAccessChanged,
  type OrgId,
  type Permissions,
  type Principal,
  type PropertyScope,
} from '@leasewire/contracts';
import { newId, systemClock, TokenSigner } from '@leasewire/messaging';
import { onCleanUp, type Deployment } from '@leasewire/testing';
import { StubService } from './stub-service.js';

export interface SignedInStub {
  readonly token: string;
  readonly sessionId: `ses_${string}`;
  readonly staffId: `stf_${string}`;
  readonly orgId: OrgId;
}

/** identity as the gateway sees it: sessions, keys, heartbeats and events, all in memory. */
export class StubIdentity {
  readonly sessions = new Map<string, Principal>();
  readonly keys = new Map<string, Principal>();
  resolved = 0;
  lastSeq = 0;
  oldestUnpublishedMs = 0;
  #beats: NodeJS.Timeout | undefined;

  private constructor(
    readonly stub: StubService,
    private readonly signer: TokenSigner,
  ) {}

  static async start(deployment: Deployment): Promise<StubIdentity> {
    const stub = await StubService.start('identity', deployment);
    const seed = deployment.environmentOf('identity')['LEASEWIRE_NKEY_SEED'] ?? '';
    const identity = new StubIdentity(stub, new TokenSigner('identity', seed, systemClock));
    stub.handle(resolveSession, ({ sessionId }) => identity.#find(identity.sessions, sessionId, 'session.ended'));
    stub.handle(resolveApiKey, ({ key }) => identity.#find(identity.keys, key, 'unauthenticated'));
    identity.beat();
    onCleanUp(() => {
      identity.stopBeating();
      return Promise.resolve();
    });
    return identity;
  }

  beat(everyMs = 100): void {
    this.stopBeating();
    const beat = (): void => {
      const { lastSeq, oldestUnpublishedMs } = this;
      this.stub.peer.nats.publish(
        heartbeatSubject,
        JSON.stringify({ at: new Date().toISOString(), lastSeq, oldestUnpublishedMs }),
      );
    };
    beat();
    this.#beats = setInterval(beat, everyMs);
  }

  stopBeating(): void {
    clearInterval(this.#beats);
  }

  signIn(
    permissions: Permissions,
    options: { orgId?: OrgId; properties?: PropertyScope; ttlSeconds?: number } = {},
  ): SignedInStub {
    const orgId = options.orgId ?? newId('org');
    const sessionId = newId('ses');
    const staffId = newId('stf');
    this.sessions.set(sessionId, {
      ref: `staff:${staffId}`,
      orgId,
      name: 'Ana Reyes',
      permissions,
      properties: options.properties ?? 'all',
      roleIds: [newId('rol')],
      sessionId,
      expiresAt: null,
    });
    const token = this.signer.sign('access', { sub: staffId, org: orgId, sid: sessionId }, options.ttlSeconds ?? 600);
    return { token, sessionId, staffId, orgId };
  }

  apiKey(permissions: Permissions, orgId: OrgId = newId('org')): string {
    const key = `lw_${newId('k')}`;
    const principal: Principal = {
      ref: `api-key:${newId('key')}`,
      orgId,
      name: 'Billing',
      permissions,
      properties: 'all',
      roleIds: [],
      sessionId: null,
      expiresAt: null,
    };
    this.keys.set(key, principal);
    return key;
  }

  async end({ sessionId, orgId, staffId }: SignedInStub): Promise<void> {
    this.sessions.delete(sessionId);
    const at = new Date().toISOString();
    const session = { id: sessionId, staffId, startedAt: at, lastUsedAt: at, expiresAt: at, address: '', userAgent: '' };
    this.lastSeq = await this.stub.publish(sessionEnded, { session, cause: 'revoked' }, orgId);
  }

  async permit({ sessionId, orgId, staffId }: SignedInStub, permissions: Permissions): Promise<void> {
    const principal = this.sessions.get(sessionId);
    if (principal) this.sessions.set(sessionId, { ...principal, permissions });
    this.lastSeq = await this.stub.publish(
      staffAccessChanged,
      { staff: { ...staffAccessChanged.example.staff, id: staffId } },
      orgId,
    );
  }

  #find(known: ReadonlyMap<string, Principal>, key: string, code: string): Principal {
    this.resolved++;
    const principal = known.get(key);
    if (!principal) throw new DomainError(code, 'It holds no more.');
    return principal;
  }
}
