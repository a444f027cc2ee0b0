import {
  defineEvent,
  defineRpc,
  eventSubject,
  type OrgId,
  type ActorRef,
  type Envelope,
  type EventContract,
} from '@leasewire/contracts';
import { z } from 'zod';
import {
  Assertions,
  newId,
  newNkey,
  systemClock,
  TokenSigner,
  TokenVerifier,
  type Actor,
  type Clock,
  type Nkey,
} from '../src/index.js';
import type { Log } from '../src/index.js';

export const org: OrgId = newId('org');
export const otherOrg: OrgId = newId('org');

export const greet = defineRpc('identity.greet', {
  does: 'query',
  input: z.object({ name: z.string().min(1) }),
  output: z.object({ greeting: z.string(), version: z.int().optional() }),
  errors: ['conflict.state'],
  permission: 'member',
  describe: 'Says hello',
  timeoutMs: 1000,
});
export const invite = defineRpc('identity.invite', {
  does: 'command',
  input: z.object({ email: z.string(), role: z.string().default('employee') }),
  output: z.object({ id: z.string(), role: z.string(), version: z.int() }),
  permission: 'accounts.staff:full',
  describe: 'Invites someone',
  timeoutMs: 1000,
});
export const tidy = defineRpc('identity.tidy', {
  does: 'command',
  input: z.undefined(),
  output: z.undefined(),
  permission: 'service',
  describe: 'Tidies up',
  timeoutMs: 1000,
});

export const staffInvited = defineEvent('identity.staff.invited', 1, z.object({ email: z.string(), seats: z.int() }), {
  describe: 'Someone was invited',
  view: 'accounts.staff:view',
  example: { email: 'ana@example.com', seats: 1 },
});
export const staffRemoved = defineEvent('identity.staff.removed', 1, z.object({ email: z.string() }), {
  describe: 'Someone was removed',
  view: 'accounts.staff:view',
  example: { email: 'ana@example.com' },
});

export function eventOf(
  contract: EventContract,
  data: unknown,
  about: { orgId?: OrgId; version?: number; epoch?: number; subject?: string; actor?: ActorRef } = {},
): { subject: string; envelope: Envelope } {
  const orgId = about.orgId ?? org;
  return {
    subject: eventSubject(contract, orgId),
    envelope: {
      specversion: '1.0',
      id: newId('evt'),
      source: `/leasewire/${contract.service}`,
      type: contract.type,
      subject: about.subject ?? newId('stf'),
      time: '2026-11-20T12:00:00.000Z',
      datacontenttype: 'application/json',
      orgid: orgId,
      correlationid: newId('cor'),
      actor: about.actor ?? 'service:identity',
      entityversion: about.version ?? 1,
      entityepoch: about.epoch ?? 0,
      data,
    },
  };
}

/** Keys of a few services, and what each of them signs with. */
export class Trust {
  readonly keys: Record<string, Nkey>;
  constructor(
    services: readonly string[] = ['gateway', 'identity', 'audit'],
    readonly clock: Clock = systemClock,
  ) {
    this.keys = Object.fromEntries(services.map((name) => [name, newNkey()]));
  }
  seed(service: string): string {
    return this.keys[service]!.seed;
  }
  get publicKeys(): Record<string, string> {
    return Object.fromEntries(Object.entries(this.keys).map(([name, key]) => [name, key.publicKey]));
  }
  signer(service: string): TokenSigner {
    return new TokenSigner(service, this.seed(service), this.clock);
  }
  verifier(): TokenVerifier {
    return new TokenVerifier(this.publicKeys, this.clock);
  }
  assertions(service: string): Assertions {
    return new Assertions(service, this.signer(service), this.verifier(), this.clock);
  }
}

export function staff(about: Partial<Actor> = {}): Actor {
  return { ref: `staff:${newId('stf')}`, orgId: org, permissions: { 'accounts.staff': 'full' }, properties: 'all', ...about };
}

export class TestClock implements Clock {
  #now: number;
  constructor(at = '2026-11-20T12:00:00Z') {
    this.#now = Date.parse(at);
  }
  now(): Date {
    return new Date(this.#now);
  }
  monotonicMs(): number {
    return this.#now;
  }
  pass(seconds: number): void {
    this.#now += seconds * 1000;
  }
}

export interface LogLine {
  level: string;
  fields: Record<string, unknown>;
  message: string;
}
export function recordingLog(): Log & { lines: LogLine[]; has(part: string): boolean } {
  const lines: LogLine[] = [];
  const at = (level: string) => (fields: object, message: string) => void lines.push({ level, fields: { ...fields }, message });
  return {
    lines,
    has: (part) => lines.some(({ message }) => message.includes(part)),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  };
}
