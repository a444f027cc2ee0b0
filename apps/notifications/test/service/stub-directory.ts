import {
  propertyAdded,
  propertyChanged,
  type resolveAudience,
  type AudienceMember,
  type InputOf,
  type OrgId,
  type OutputOf,
  type Property,
  type PropertyId,
} from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { connectAs, outgoing, type Deployment, type Peer } from '@leasewire/testing';
import { headers } from '@nats-io/transport-node';

type Asked = InputOf<typeof resolveAudience>;

/** A directory that knows who lives where, and says so. */
export class StubDirectory {
  readonly people = new Map<string, AudienceMember>();
  readonly asked: Asked[] = [];
  away = false;
  turnedAway = 0;

  private constructor(readonly peer: Peer) {}

  static async start(deployment?: Deployment): Promise<StubDirectory> {
    const stub = new StubDirectory(await connectAs('directory', deployment));
    await stub.peer.bus.ensureStream('directory');
    stub.peer.nats.subscribe('rpc.directory.resolve-audience', {
      queue: 'directory',
      callback: (error, message) => {
        if (error) return;
        const reply = headers();
        if (stub.away) stub.turnedAway += 1;
        reply.set('lw-ok', stub.away ? '0' : '1');
        const input = JSON.parse(message.string()) as Asked;
        const body = stub.away ? { code: 'unavailable', message: 'away' } : stub.#answer(input);
        message.respond(JSON.stringify(body), { headers: reply });
      },
    });
    await stub.peer.nats.flush();
    return stub;
  }

  async property(orgId: OrgId, more: Partial<Property> = {}, version = 1): Promise<Property> {
    const at = new Date().toISOString();
    const property: Property = {
      ...{ id: newId('prop'), name: 'Harbour House', kind: 'rental', timeZone: 'Australia/Brisbane', country: 'AU' },
      ...{ currency: 'AUD', address: { line1: '12 Quay Street' }, importMode: 'automatic', serviceStartedAt: at },
      ...{ connectionId: null, lastSweepAt: null, state: 'active', version, createdAt: at, updatedAt: at },
      policy: { futureMoveInDays: 3, futureMoveOutDays: 0, staleAfterDays: 7 },
      ...more,
    };
    const contract = version === 1 ? propertyAdded : propertyChanged;
    await this.peer.bus.publish(outgoing(contract, { orgId, subject: property.id, data: { property }, version }));
    return property;
  }

  add(propertyId: PropertyId, more: Partial<AudienceMember> = {}): AudienceMember {
    const nth = this.people.size + 1;
    const member: AudienceMember = {
      ...{
        residentId: newId('res'),
        personId: newId('per'),
        propertyId,
        unitIds: [],
        unit: `B-${nth}`,
        bedroom: null,
        lease: null,
      },
      name: { first: `Ana${nth}`, last: 'Reyes' },
      displayName: `Ana${nth} Reyes`,
      email: `ana${nth}@example.test`,
      ...{ sharedEmail: false, phone: null, language: null, state: 'active', userTypes: ['resident'] },
      ...{ leaseStatus: 'current', access: { open: true, reason: 'lease' }, accountStatus: null, assignable: true },
      ...{ issues: [], version: 1 },
      ...more,
    };
    this.people.set(member.residentId, member);
    return member;
  }

  #answer({ selection, properties, limit = 500, cursor }: Asked): OutputOf<typeof resolveAudience> {
    this.asked.push({ selection, properties });
    const all = [...this.people.values()]
      .filter((one) => properties === 'all' || properties.includes(one.propertyId))
      .filter((one) => {
        if ('ids' in selection) return selection.ids.includes(one.residentId);
        if ('personIds' in selection) return selection.personIds.includes(one.personId);
        if ('unitIds' in selection) return one.unitIds.some((id) => selection.unitIds.includes(id));
        if ('propertyIds' in selection) return selection.propertyIds.includes(one.propertyId);
        return selection.filter.propertyId === one.propertyId && selection.except?.includes(one.residentId) !== true;
      });
    const from = Number(cursor ?? 0);
    const next = from + limit < all.length ? String(from + limit) : null;
    return { items: all.slice(from, from + limit), nextCursor: next };
  }
}
