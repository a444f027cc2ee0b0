import { hashRecoveryCode, newRecoveryCode, recoveryCodeCount, useRecoveryCode } from './recovery-code.rules.js';
import { acceptedStep } from './totp.rules.js';

export type TwoFactorState =
  | { state: 'off' }
  | { state: 'offered'; secret: string; at: Date }
  | { state: 'on'; secret: string; since: Date; usedStep: number; recoveryHashes: string[] };
export type TwoFactorOn = Extract<TwoFactorState, { state: 'on' }>;

/** A secret that was shown is confirmed soon or shown anew. */
const offerHoldsMs = 30 * 60_000;

export const isOffered = (factor: TwoFactorState, now: Date): factor is Extract<TwoFactorState, { state: 'offered' }> =>
  factor.state === 'offered' && now.getTime() - factor.at.getTime() <= offerHoldsMs;

/** What remains after a code was used, a code of the app or a recovery code; null when it is neither. */
export function useCode(factor: TwoFactorOn, secret: Uint8Array, code: string, now: Date): TwoFactorOn | null {
  const step = acceptedStep(secret, code.replace(/\s/g, ''), now, factor.usedStep);
  if (step !== null) return { ...factor, usedStep: step };
  const recoveryHashes = useRecoveryCode(factor.recoveryHashes, code);
  return recoveryHashes === null ? null : { ...factor, recoveryHashes };
}

export function newRecoveryCodes(): { codes: string[]; hashes: string[] } {
  const codes = Array.from({ length: recoveryCodeCount }, () => newRecoveryCode());
  return { codes, hashes: codes.map(hashRecoveryCode) };
}
