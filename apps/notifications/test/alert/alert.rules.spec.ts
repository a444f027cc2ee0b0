import type { AlertKind, AlertMode, PropertyScope } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { concerns, modeOf, whoIsTold, type Modes, type RoleLike, type StaffLike } from '../../src/alert/alert.rules.js';
import { nextMorning } from '../../src/alert/digest.rules.js';

const [here, there] = [newId('prop'), newId('prop')];
const desk: RoleLike = { _id: 'desk', preset: null, permissions: { 'residence.residence': 'full' } };
const reader: RoleLike = { _id: 'reader', preset: null, permissions: { 'residence.residence': 'view' } };
const owner: RoleLike = { _id: 'owner', preset: 'owner', permissions: {} };
const roles = [desk, reader, owner];
const who = (
  roleIds: string[],
  properties: PropertyScope = 'all',
  state: StaffLike['state'] = 'active',
  _id = 'kim',
): StaffLike => ({
  ...{ _id, state, roleIds, properties },
});

describe('a hold concerns', () => {
  it.each([
    ['who may decide about residents', who(['desk']), true],
    ['not who may only look', who(['reader']), false],
    ['who may in that property', who(['desk'], [here]), true],
    ['not who may in another', who(['desk'], [there]), false],
    ['an owner, whatever the preset said when it was read', who(['owner']), true],
    ['nobody who was only invited', who(['desk'], 'all', 'invited'), false],
    ['nobody who left', who(['desk'], 'all', 'archived'), false],
  ])('%s', (_what, staff, expected) => expect(concerns('hold-waiting', here, staff, roles)).toBe(expected));
});

it('what is of no property concerns only those who have all', () => {
  const integrations: RoleLike = { _id: 'it', preset: null, permissions: { 'accounts.integrations': 'full' } };
  expect(concerns('connection-failing', null, who(['it']), [integrations])).toBe(true);
  expect(concerns('connection-failing', null, who(['it'], [here]), [integrations])).toBe(false);
});

it.each<[string, AlertKind, Modes | undefined, AlertMode]>([
  ['is at once, where nothing was chosen', 'hold-waiting', undefined, 'immediate'],
  ['may wait for the morning', 'connection-recovered', {}, 'digest'],
  ['is what was chosen', 'hold-waiting', { 'hold-waiting': 'off' }, 'off'],
])('an alert %s', (_what, kind, modes, mode) => expect(modeOf(kind, modes)).toBe(mode));

it('everybody is told as they chose', () => {
  const staff = ['a', 'b', 'c'].map((id) => who(['desk'], 'all', 'active', id));
  const modes = new Map<string, Modes>([
    ['b', { 'hold-waiting': 'digest' }],
    ['c', { 'hold-waiting': 'off' }],
  ]);
  expect(whoIsTold({ kind: 'hold-waiting', propertyId: here }, staff, roles, modes)).toEqual({ immediate: ['a'], digest: ['b'] });
});

it.each([
  ['2026-11-24T06:45:00Z', 'Australia/Brisbane', '2026-11-24T21:00:00.000Z'],
  ['2026-11-24T20:59:00Z', 'Australia/Brisbane', '2026-11-24T21:00:00.000Z'],
  ['2026-11-24T21:00:00Z', 'Australia/Brisbane', '2026-11-25T21:00:00.000Z'],
  ['2026-03-28T23:00:00Z', 'Europe/Paris', '2026-03-29T05:00:00.000Z'],
  ['2026-03-28T05:30:00Z', 'Europe/Paris', '2026-03-28T06:00:00.000Z'],
])('the morning after %s in %s is %s', (now, zone, morning) =>
  expect(nextMorning(new Date(now), zone).toISOString()).toBe(morning),
);
