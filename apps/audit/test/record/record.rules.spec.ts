import { allEvents } from '@leasewire/contracts';
import { asText, plain } from '../../src/record/content.rules.js';
import { prepared, record, thingsToKnow, type Event, type KnownState } from '../../src/record/record.rules.js';

const body = '01jd3k8x9e7m2q4r5s6t7v8w9y';
const ana = `stf_${body}`;
const ben = 'stf_01jd3k8x9e7m2q4r5s6t7v8w00';
const staff = (id: string, name: string, more: object = {}) => ({
  id,
  name,
  email: `${name.toLowerCase()}@harbour.example`,
  roleIds: ['r1'],
  version: 1,
  ...more,
});

/** Records one event after the other, as an organization would see them. */
class Journal {
  readonly states = new Map<string, KnownState>();
  tell(type: string, data: unknown, about: { version?: number; subject?: string; actor?: Event['actor'] } = {}) {
    const event: Event = {
      type,
      data,
      actor: about.actor ?? `staff:stf_${body}`,
      subject: about.subject ?? ben,
      version: { epoch: 0, version: about.version ?? 1 },
    };
    const recorded = record(
      event,
      prepared(event, (t) => t),
      (id) => this.states.get(id),
    );
    for (const [id, state] of recorded.states) this.states.set(id, state);
    const { what, before, after, actorName } = recorded.content;
    return { what: asText(what), before: plain(before), after: plain(after), actorName: plain(actorName), words: recorded.words };
  }
}

describe('an entry tells', () => {
  it('who, what, and everything of a new thing', () => {
    const journal = new Journal();
    journal.tell('identity.staff.joined.v1', { staff: staff(ana, 'Ana') }, { subject: ana });
    expect(journal.tell('identity.staff.invited.v1', { staff: staff(ben, 'Ben') })).toMatchObject({
      actorName: 'Ana',
      what: 'Ana invited Ben (ben@harbour.example) to the staff.',
      before: null,
      after: { staff: { id: ben, name: 'Ben', roleIds: ['r1'] } },
    });
  });
  it('what changed since, in the words of the new state', () => {
    const journal = new Journal();
    journal.tell('identity.staff.invited.v1', { staff: staff(ben, 'Ben') });
    expect(journal.tell('identity.staff.changed.v1', { staff: staff(ben, 'Benno') }, { version: 2 })).toMatchObject({
      actorName: null,
      what: `staff:${ana} changed the details of Benno.`,
      before: { staff: { name: 'Ben', email: 'ben@harbour.example' } },
      after: { staff: { name: 'Benno', email: 'benno@harbour.example' } },
    });
  });
  it('the same change for a second event of the same version', () => {
    const journal = new Journal();
    journal.tell('identity.staff.invited.v1', { staff: staff(ben, 'Ben') });
    const next = { staff: staff(ben, 'Ben', { roleIds: ['r2'] }) };
    const changes = { before: { staff: { roleIds: ['r1'] } }, after: { staff: { roleIds: ['r2'] } } };
    expect(journal.tell('identity.staff.changed.v1', next, { version: 2 })).toMatchObject(changes);
    expect(journal.tell('identity.staff.access-changed.v1', next, { version: 2 })).toMatchObject(changes);
  });
  it('all that a late event holds, and keeps the newer state', () => {
    const journal = new Journal();
    journal.tell('identity.staff.changed.v1', { staff: staff(ben, 'Benno') }, { version: 3 });
    expect(journal.tell('identity.staff.invited.v1', { staff: staff(ben, 'Ben') }, { version: 1 })).toMatchObject({
      before: null,
      after: { staff: { name: 'Ben' } },
    });
    expect(journal.tell('identity.staff.changed.v1', { staff: staff(ben, 'Bo') }, { version: 4 })).toMatchObject({
      before: { staff: { name: 'Benno' } },
    });
  });
  it('what was there, of a removed thing', () => {
    const journal = new Journal();
    const role = { id: `rol_${body}`, name: 'Desk', version: 2 };
    journal.tell('identity.role.created.v1', { role }, { subject: role.id });
    expect(journal.tell('identity.role.removed.v1', { role }, { subject: role.id, version: 3 })).toMatchObject({
      before: { role: { name: 'Desk' } },
      after: null,
    });
  });
  it('the names of those it only refers to', () => {
    const journal = new Journal();
    journal.tell('identity.staff.joined.v1', { staff: staff(ben, 'Ben') });
    const session = { id: `ses_${body}`, staffId: ben, address: '203.0.113.7' };
    const event: Event = {
      type: 'identity.session.started.v1',
      actor: `staff:stf_${body}`,
      subject: session.id,
      version: { epoch: 0, version: 1 },
      data: { session },
    };
    expect(
      thingsToKnow(
        event,
        prepared(event, (t) => t),
      ),
    ).toEqual([ana, session.id, ben]);
    expect(journal.tell(event.type, event.data, { subject: session.id }).what).toBe('Ben signed in from 203.0.113.7.');
  });
  it('each thing by the version of whom the event is about', () => {
    const journal = new Journal();
    const role = { id: `rol_${body}`, name: 'Desk', version: 2 };
    journal.tell('identity.role.created.v1', { role }, { subject: role.id, version: 2 });
    // the staff member is at version 9, the role is not
    journal.tell('identity.staff.changed.v1', { staff: staff(ben, 'Ben'), role }, { version: 9 });
    expect(
      journal.tell('identity.role.changed.v1', { role: { ...role, name: 'Front desk' } }, { subject: role.id, version: 3 }),
    ).toMatchObject({
      before: { role: { name: 'Desk' } },
      after: { role: { name: 'Front desk' } },
    });
  });
  it('a person by the name that something of theirs tells', () => {
    const journal = new Journal();
    const who = `per_${body}`;
    journal.tell(
      'directory.resident.moved-in.v1',
      { resident: { id: `res_${body}`, personId: who, name: 'Rae Lin' } },
      { subject: who },
    );
    expect(
      journal.tell('future.door.opened.v1', { door: 'north' }, { subject: 'door_1', actor: `resident:${who}` as Event['actor'] }),
    ).toMatchObject({
      actorName: 'Rae Lin',
      what: 'Rae Lin: door opened, on door_1.',
    });
  });
  it('what an event says beside its thing', () => {
    const journal = new Journal();
    expect(
      journal.tell('identity.staff.sign-in-refused.v1', { staff: staff(ben, 'Ben'), reason: 'password', address: '::1' }),
    ).toMatchObject({
      what: 'A sign-in as Ben from ::1 was refused: password.',
      after: { reason: 'password', address: '::1' },
    });
  });
  it('what it can of a type that is newer than this build', () => {
    const journal = new Journal();
    const told = journal.tell(
      'directory.resident.moved-in.v7',
      { resident: { id: `res_${body}`, version: 1, state: 'active' } },
      { subject: `per_${body}`, actor: 'service:directory' },
    );
    expect(told).toMatchObject({
      actorName: 'The service directory',
      what: `The service directory: resident moved in, on per_${body}.`,
      after: { resident: { state: 'active' } },
    });
  });
  it.each([null, 'text', 7, [1, 2], {}])('something of data that is %j', (data) => {
    expect(new Journal().tell('future.thing.happened.v1', data).what).toContain('thing happened');
  });
});

it.each(allEvents.map((contract) => [contract.type, contract] as const))(
  '%s has a sentence that says all it wants to say',
  (_type, contract) => {
    const data = contract.example;
    const { what } = new Journal().tell(contract.type, data, { subject: `stf_${body}` });
    expect(what).toMatch(/^\S.*[^\s]\.$/);
    expect(what).not.toMatch(/unknown|undefined|[{}]|\[object/);
  },
);
