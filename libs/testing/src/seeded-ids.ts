import { idAlphabet } from '@leasewire/contracts';
import type { Ids } from '@leasewire/messaging';

const bodyLength = 26;

/** Ids of the right shape that are the same in every run and count upwards: `org_…00`, `org_…01`. */
export function seededIds(seed = 1): Ids {
  let count = 0;
  const start = encode(seed, 8);
  return {
    next: <P extends string>(prefix: P): `${P}_${string}` => `${prefix}_${start}${encode(count++, bodyLength - start.length)}`,
  };
}

function encode(value: number, length: number): string {
  let text = '';
  for (let rest = value; text.length < length; rest = Math.floor(rest / 32)) text = idAlphabet.charAt(rest % 32) + text;
  return text;
}
