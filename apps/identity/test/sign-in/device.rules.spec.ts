import { knownAmong, knowsToo, type KnownDevice } from '../../src/sign-in/device.rules.js';

const device: KnownDevice = { id: 'd', of: ['a', 'b'] };

describe('a device', () => {
  it.each([
    ['of nobody, for any account', null, undefined, []],
    ['for any account', device, undefined, ['a', 'b']],
    ['for an account it signed in to', device, 'b', ['b']],
    ['for an account it did not sign in to', device, 'c', []],
  ])('%s', (_name, known, wanted, expected) => {
    expect(knownAmong(known, wanted)).toEqual(expected);
  });

  it('remembers the accounts it signed in to last', () => {
    expect(knowsToo(device, 'a').of).toEqual(['b', 'a']);
    const many = Array.from({ length: 20 }, (_, n) => String(n)).reduce(knowsToo, device);
    expect(many.of).toEqual(['12', '13', '14', '15', '16', '17', '18', '19']);
  });
});
