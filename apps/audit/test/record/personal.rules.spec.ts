import type { Json } from '../../src/chain/canonical-json.js';
import { asPerson, isPersonalField, markPersonal, personOfActor } from '../../src/record/personal.rules.js';
import { isMarkedFields, isMarkedList, Personal, type Marked } from '../../src/record/marked.js';

const body = '01jd3k8x9e7m2q4r5s6t7v8w9y';
const staff = `stf_${body}`;
const person = `per_${body}`;

describe('the name of a field tells that its value is personal:', () => {
  it.each(
    'name email firstName lastName emailAddress mobilePhone phone_number address homeAddress userAgent ip ipAddress dateOfBirth previousNames emails'.split(
      ' ',
    ),
  )('%s', (name) => {
    expect(isPersonalField(name)).toBe(true);
  });
});
describe('the name of a field tells nothing about a person:', () => {
  it.each(
    'id state roleIds version emailVerifiedAt phoneType nameId emailCount properties locale twoFactor shipping description'.split(
      ' ',
    ),
  )('%s', (name) => {
    expect(isPersonalField(name)).toBe(false);
  });
});

describe('of the data of an event', () => {
  /** Every marked value with its owner. */
  const marked = (value: Marked, path = ''): string[] => {
    if (value instanceof Personal) return [`${path} → ${value.person.slice(0, 3)}`];
    if (isMarkedList(value)) return value.flatMap((v, i) => marked(v, `${path}.${i}`));
    if (isMarkedFields(value)) return Object.entries(value).flatMap(([k, v]) => marked(v, path ? `${path}.${k}` : k));
    return [];
  };
  it.each<[string, string, Json, string[]]>([
    [
      'a staff member’s fields are theirs',
      'x',
      { staff: { id: staff, name: 'Ana', email: 'a@b.c', state: 'active', twoFactor: false } },
      ['staff.name → stf', 'staff.email → stf'],
    ],
    [
      'a session’s are those of its staff member',
      'x',
      { session: { id: `ses_${body}`, staffId: staff, address: '::1', userAgent: 'M' } },
      ['session.address → stf', 'session.userAgent → stf'],
    ],
    [
      'what is beside them is the subject’s',
      staff,
      { staff: { id: staff }, address: '::1', reason: 'password' },
      ['address → stf'],
    ],
    ['a role has no personal name', staff, { role: { id: `rol_${body}`, name: 'Desk' } }, []],
    ['an organization has none', 'x', { organization: { id: `org_${body}`, name: 'Harbour', address: 'Pier 1' } }, []],
    ['a key has none', 'x', { apiKey: { id: `key_${body}`, name: 'Billing', createdBy: `staff:${staff}` } }, []],
    [
      'a resident’s are those of the person, a unit’s are nobody’s',
      'x',
      { resident: { id: `res_${body}`, personId: person, name: 'Bo', unit: { id: `unit_${body}`, name: '12A' } } },
      ['resident.name → per'],
    ],
    [
      'lists are looked into',
      'x',
      {
        people: [
          { id: person, name: 'Bo' },
          { id: staff, name: 'Ana' },
        ],
      },
      ['people.0.name → per', 'people.1.name → stf'],
    ],
    [
      'things without an id are of what is around them',
      'x',
      { staff: { id: staff, contact: { phone: '1', channels: [{ email: 'a@b.c' }] } } },
      ['staff.contact.phone → stf', 'staff.contact.channels.0.email → stf'],
    ],
    ['a mail address is found in any text', staff, { reason: 'bounced: a@b.example' }, ['reason → stf']],
    ['nothing and references are nobody’s', staff, { name: null, phone: '', nameId: 'x', address: `prop_${body}` }, []],
  ])('%s', (_name, subject, data, found) => {
    expect(marked(markPersonal(data, subject))).toEqual(found);
  });
});

it.each([
  [`staff:${staff}`, staff],
  [`resident:${person}`, person],
  [`api-key:key_${body}`, null],
  ['service:identity', null],
])('%s is %s', (actor, who) => {
  expect(personOfActor(actor)).toBe(who);
});
it('only whole ids are people', () => {
  expect(asPerson('stf_x')).toBeNull();
  expect(asPerson(7)).toBeNull();
});
