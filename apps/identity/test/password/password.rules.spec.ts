import { normalizePassword, weakness } from '../../src/password/password.rules.js';

const owner = { email: 'ana.reyes@harbour.example', name: 'Ana Reyes', organization: 'Harbour Living' };

describe('a password', () => {
  it.each([
    ['password1234', 'common'],
    ['Passw0rd!2026', 'common'],
    ['P@ssw0rdP@ssw0rd', 'common'],
    ['123456789012', 'a walk'],
    ['qwertyuiop12', 'a walk'],
    ['poiuytrewq09', 'a walk backwards'],
    ['1q2w3e4r5t6y', 'a walk in zigzag'],
    ['abcdefghijkl', 'the alphabet'],
    ['aaaaaaaaaaaa', 'one letter'],
    ['abababababab', 'two letters'],
    ['Sunshine2026', 'common with a year'],
    ['iloveyou!!!!!', 'common with signs'],
    ['AnaReyes-2026-x', 'the name'],
    ['my-reyes-house-99', 'part of the name'],
    ['xx-ana.reyes-xx-7', 'the address'],
    ['the harbour is blue', 'part of the organization'],
    ['HÄRBOUR blue 47 x', 'the organization in disguise'],
  ])('“%s” is weak: %s', (password) => {
    expect(weakness(password, owner)).not.toBeNull();
  });

  it.each([
    'demo-lantern-anchor-42',
    'correct horse staple tin',
    'Tr0ub4dor&3-xkcd',
    'πολύ καλό συνθηματικό',
    'zebra Tuesday kettle',
    'jf83nXw!02kd',
    '我的密码是很长的一个句子',
  ])('“%s” is not', (password) => {
    expect(weakness(password, owner)).toBeNull();
  });

  it('is the same from any keyboard', () => {
    expect(normalizePassword('café')).toBe(normalizePassword('cafe\u0301'));
  });
});
