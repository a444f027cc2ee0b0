import { DomainError, type OrgId, type StaffId } from '@leasewire/contracts';
import { SecretBox } from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { credentialDef } from '../password/credential.repository.js';
import { throttled } from '../throttle/throttle.rules.js';
import type { ThrottleKey } from '../throttle/throttle.repository.js';
import { ThrottleService } from '../throttle/throttle.service.js';
import { fromBase32 } from './totp.rules.js';
import { useCode, type TwoFactorOn } from './two-factor.rules.js';

/**
 * Where a code comes from: a device that the person signed in on before, a session of theirs, or anywhere. Each is counted by
 * itself, or whoever knows no more than the password would keep the person out.
 */
export type CodeFrom = { readonly device: string } | 'session' | 'anywhere';

/** Codes of the second factor, slowed down per person: a million of them are few. */
@Injectable()
export class SecondFactorService {
  constructor(
    private readonly box: SecretBox,
    private readonly throttle: ThrottleService,
  ) {}

  /** Counts one try. Outside of the transaction, which a refusal takes back. */
  async admit(staffId: StaffId, from: CodeFrom): Promise<void> {
    const admission = await this.throttle.admit([keyOf(staffId, from)]);
    if ('retryAfterMs' in admission) throw throttled(admission.retryAfterMs);
  }

  async clear(staffId: StaffId, from: CodeFrom): Promise<void> {
    await this.throttle.clear([keyOf(staffId, from)]);
  }

  /** What remains of the factor; to be saved in the transaction that this code allows. */
  use(orgId: OrgId, factor: TwoFactorOn, code: string, now: Date): TwoFactorOn {
    const rest = useCode(factor, fromBase32(this.box.open(factor.secret, secretPlace(orgId))), code, now);
    if (rest === null) throw secondFactorRefused();
    return rest;
  }
}

function keyOf(staffId: StaffId, from: CodeFrom): ThrottleKey {
  const where = from === 'anywhere' ? [] : [from === 'session' ? from : from.device];
  return { name: 'second-factor', of: [staffId, ...where].join('|') };
}
export const secretPlace = (orgId: OrgId) => ({ orgId, collection: credentialDef.name, field: 'twoFactor.secret' });

export const secondFactorRefused = (): DomainError =>
  new DomainError(
    'sign-in.second-factor-refused',
    'This code is wrong or was used before. Wait for the next one, or use a recovery code.',
  );
