import { Injectable } from '@nestjs/common';
import type { ThrottleKey } from '../throttle/throttle.repository.js';
import { addressKey } from '../throttle/throttle.rules.js';
import { ThrottleService } from '../throttle/throttle.service.js';
import { accountKey, knownAmong, type KnownDevice } from './device.rules.js';
import { KnownDevices } from './known-device.js';

export interface SignInAttempt {
  readonly email: string;
  readonly address: string;
  readonly deviceToken?: string | undefined;
  /** The one account of the address that is meant, if that is said. */
  readonly wanted: string | undefined;
}

/** An attempt that was counted; to be settled when it turns out how it went. */
export interface Entry {
  readonly device: KnownDevice | null;
  readonly byDevice: readonly (readonly [whose: string, key: ThrottleKey])[];
  readonly byAnybody: readonly ThrottleKey[];
  /** Whether this account of the address may be tried. */
  reaches(whose: string): boolean;
}

/**
 * One password is tried at every account of an address, and whoever has one of them need not be the person of the others:
 * any organization can make itself an account of somebody's address. So a device is known for the accounts that it signed in
 * to. An attempt that may mean others too is counted as anybody's as well; has that to wait, only the known ones are tried.
 */
@Injectable()
export class SignInThrottle {
  constructor(
    private readonly throttle: ThrottleService,
    private readonly devices: KnownDevices,
  ) {}

  async admit({ email, address, deviceToken, wanted }: SignInAttempt): Promise<Entry | { retryAfterMs: number }> {
    const device = this.devices.read(deviceToken, email);
    const known = knownAmong(device, wanted);
    const byDevice = known.map((whose) => [whose, { name: 'device', of: `${device?.id}|${whose}` }] as const);
    const onDevice = await this.throttle.admit(byDevice.map(([, key]) => key));
    if ('retryAfterMs' in onDevice) return onDevice;
    const onlyKnown: Entry = { device, byDevice, byAnybody: [], reaches: (whose) => known.includes(whose) };
    if (wanted !== undefined && known.length > 0) return onlyKnown;
    const asAnybody = await this.throttle.admit(strangerKeys(accountKey(email), addressKey(address)));
    if (!('retryAfterMs' in asAnybody)) return { ...onlyKnown, byAnybody: asAnybody.keys, reaches: () => true };
    return known.length > 0 ? onlyKnown : asAnybody;
  }

  /** `provesAll`: what was right is the password of every account of the address, so no failure was a guess at another one. */
  async succeeded({ byDevice, byAnybody }: Entry, whose: string, provesAll: boolean): Promise<void> {
    const own = byDevice.flatMap(([of, key]) => (of === whose ? [key] : []));
    const others = byDevice.flatMap(([of, key]) => (of === whose ? [] : [key]));
    await Promise.all([
      this.throttle.succeeded({ keys: provesAll ? [...own, ...byAnybody] : own }),
      this.throttle.undecided({ keys: provesAll ? others : [...others, ...byAnybody] }),
    ]);
  }

  async undecided({ byDevice, byAnybody }: Entry): Promise<void> {
    await this.throttle.undecided({ keys: [...byDevice.map(([, key]) => key), ...byAnybody] });
  }
}

const strangerKeys = (account: string, from: string): ThrottleKey[] => [
  { name: 'pair', of: `${from}|${account}` },
  { name: 'address', of: from },
  { name: 'account', of: account },
];
