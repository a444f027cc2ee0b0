import { createHash, randomBytes } from 'node:crypto';
import { idAlphabet } from '@leasewire/contracts';

export const recoveryCodeCount = 10;

/** 80 random bits in four groups of letters that cannot be confused: strong enough that a plain hash keeps them. */
export function newRecoveryCode(random: (size: number) => Uint8Array = randomBytes): string {
  const letters = [...random(16)].map((byte) => idAlphabet.charAt(byte & 31)).join('');
  return (letters.match(/.{4}/g) ?? []).join('-');
}

/** Typed from paper: case, dashes and spaces do not matter, nor o for zero, i and l for one. */
export function hashRecoveryCode(typed: string): string {
  const plain = typed.toLowerCase().replace(/[\s-]/g, '').replaceAll('o', '0').replace(/[il]/g, '1');
  return createHash('sha256').update(`recovery|${plain}`).digest('base64url');
}

/** The hashes that remain when this code was one of them, else null: each holds once. */
export function useRecoveryCode(hashes: readonly string[], typed: string): string[] | null {
  const hash = hashRecoveryCode(typed);
  return hashes.includes(hash) ? hashes.filter((other) => other !== hash) : null;
}
