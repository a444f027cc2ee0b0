import { DomainError, type PasswordWeakness } from '@leasewire/contracts';
import { fold } from '../staff/staff-search.rules.js';

/** The same password typed on two keyboards is the same bytes (NIST SP 800-63B, 5.1.1.2). */
export const normalizePassword = (password: string): string => password.normalize('NFKC');

export interface PasswordOwner {
  readonly email: string;
  readonly name: string;
  readonly organization: string;
}

/**
 * Of the lists of leaked passwords, what has twelve characters or more: everything shorter is refused by its length. With
 * `l33t` undone and digits and signs at the end taken off, so that one line stands for many.
 */
const common = new Set(
  `password passwordpassword passwort motdepasse contrasena administrator administrador qwertyuiop qwertyuiopasdf asdfghjkl
   zxcvbnm qwertyqwerty iloveyou iloveyouforever letmein letmeinplease welcome welcomehome welcometohome changeme changemenow
   superman batman spiderman pokemon starwars football baseball basketball liverpool manchesterunited chelsea arsenal
   sunshine princess butterfly chocolate christmas september november december february trustno monkey dragon master
   whatever computer internet samsung iphone android google facebook instagram linkedin microsoft windows
   correcthorsebatterystaple thisisapassword mypassword mypasswordis newpassword yourpassword secretpassword
   masterpassword adminadmin adminpassword rootpassword testtest testpassword temppassword defaultpassword defaultdefault
   summer winter spring autumn leasewire propertymanager propertymanagement apartment realestate resident strata
   asdfasdfasdf qazwsxedcrfv qazwsxedc onetwothreefour abcdefghijkl abcdefghijklm abcabcabcabc lovelovelove jesuschrist
   blessedbythelord godisgood ihateyou nothing nopassword forgotpassword secret topsecret hellohello helloworld
   unbelievable unforgettable wonderful beautiful australia newzealand melbourne sydney brisbane california newyork
   verizonwireless wifipassword guestpassword guestguest`.split(/\s+/),
);

const keyboardRows = [
  '1234567890',
  'qwertyuiop',
  'asdfghjkl',
  'zxcvbnm',
  'abcdefghijklmnopqrstuvwxyz',
  'qazwsxedcrfvtgbyhnujm',
  '1q2w3e4r5t6y7u8i9o0p',
];

interface Weakness {
  readonly reason: PasswordWeakness;
  readonly message: string;
}

/** Why a password would be among the first that somebody tries, or null. `length` is the contract's business. */
function weaknessOf(password: string, owner: PasswordOwner): Weakness | null {
  const plain = squeeze(password);
  const named = namesOf(owner).find((name) => plain.includes(name));
  if (named)
    return {
      reason: 'holds-own-name',
      message: `It holds “${named}”, which others know of you. Choose words that have nothing to do with you.`,
    };
  if (new Set(plain).size < 5)
    return {
      reason: 'repeats',
      message: 'It repeats a few characters. Choose several words that do not belong together.',
    };
  if (isWalk(plain))
    return {
      reason: 'keyboard-walk',
      message: 'It follows the keyboard or the alphabet. Choose several words that do not belong together.',
    };
  if (isCommon(password))
    return {
      reason: 'common',
      message: 'It is one of the passwords that are tried first. Choose several words that do not belong together.',
    };
  return null;
}

export const weakness = (password: string, owner: PasswordOwner): string | null => weaknessOf(password, owner)?.message ?? null;

export function assertStrong(password: string, owner: PasswordOwner): void {
  const weak = weaknessOf(password, owner);
  if (weak === null) return;
  const { reason, message } = weak;
  throw new DomainError('password.too-weak', `This password is too easy to guess. ${message}`, { reason });
}

const squeeze = (text: string): string => fold(text).replace(/[^\p{L}\p{N}]/gu, '');

function namesOf({ email, name, organization }: PasswordOwner): string[] {
  const at = email.lastIndexOf('@');
  const local = email.slice(0, at);
  const words = [local, ...local.split(/[._+-]/), ...name.split(/\s+/), ...organization.split(/\s+/), organization];
  return [...new Set(words.map(squeeze))].filter((word) => word.length >= 4);
}

function isCommon(password: string): boolean {
  const plain = squeeze(unleet(password.toLowerCase()));
  const bare = squeeze(
    unleet(
      password
        .toLowerCase()
        .replace(/[^\p{L}]+$/u, '')
        .replace(/^[^\p{L}]+/u, ''),
    ),
  );
  return [plain, bare, bare.slice(0, bare.length / 2)].some((text, at) => common.has(text) && (at < 2 || bare === text + text));
}

const unleet = (text: string): string =>
  text
    .replace(/[@4]/g, 'a')
    .replaceAll('3', 'e')
    .replace(/[1!]/g, 'i')
    .replaceAll('0', 'o')
    .replace(/[$5]/g, 's')
    .replaceAll('7', 't');

/** Made of few runs along a row of keys, in either direction: 123456789012, qwertyuiop12, abcdefg12345. */
function isWalk(text: string): boolean {
  let runs = 0;
  for (let at = 0; at < text.length; runs++) at += longestRun(text.slice(at));
  return text.length / runs >= 4;
}

function longestRun(text: string): number {
  let longest = 1;
  for (const row of keyboardRows) {
    const both = [row + row, [...row, ...row].reverse().join('')];
    for (const keys of both) {
      let length = longest;
      while (length < text.length && keys.includes(text.slice(0, length + 1))) length++;
      longest = Math.max(longest, length);
    }
  }
  return longest;
}
