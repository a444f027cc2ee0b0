import { newId } from '@leasewire/messaging';
import { addressesAt, sharedAddresses, type Addressed } from '../../src/resident/shared-email.rules.js';

const [ana, ben] = [newId('per'), newId('per')];
const at = (email: string | null, more: Partial<Addressed> = {}): Addressed => ({
  email,
  personId: ana,
  state: 'active',
  ...more,
});

describe('which addresses a change concerns', () => {
  it.each<[string, Addressed | null, Addressed, string[]]>([
    ['somebody is new', null, at('a@x.io'), ['a@x.io']],
    ['nothing of it changes', at('a@x.io'), at('a@x.io'), []],
    ['another address', at('a@x.io'), at('b@x.io'), ['a@x.io', 'b@x.io']],
    ['no address any more', at('a@x.io'), at(null), ['a@x.io']],
    ['they leave', at('a@x.io'), at('a@x.io', { state: 'archived' }), ['a@x.io']],
    ['they wait for their import', at('a@x.io', { state: 'pending-import' }), at('a@x.io'), []],
    ['they turn out to be somebody else', at('a@x.io'), at('a@x.io', { personId: ben }), ['a@x.io', 'a@x.io']],
    ['they have none', null, at(null), []],
  ])('%s', (_name, before, after, addresses) => {
    expect(addressesAt(before, after)).toEqual(addresses);
  });
});

describe('an address is shared when', () => {
  const alone = { email: 'a@x.io', least: ana, most: ana };
  it.each([
    ['two others have it', [{ ...alone, most: ben }], [], true],
    ['another and one who is written have it', [alone], [at('a@x.io', { personId: ben })], true],
    ['two who are written have it', [], [at('a@x.io'), at('a@x.io', { personId: ben })], true],
    ['one person has it twice', [alone], [at('a@x.io')], false],
    ['the other one has left', [alone], [at('a@x.io', { personId: ben, state: 'archived' })], false],
    ['nobody has one', [], [at(null), at(null, { personId: ben })], false],
  ])('%s: %s', (_name, others, written, is) => {
    expect(sharedAddresses(others, written).size > 0).toBe(is);
  });
});
