import { DeliveryState } from '@leasewire/contracts';
import fc from 'fast-check';
import { isFinal, mayBecome, needsSecrets } from '../../src/delivery/delivery.rules.js';

const states = DeliveryState.options;

describe('a delivery', () => {
  it.each([
    ['queued', 'sent', true],
    ['queued', 'cancelled', true],
    ['unknown', 'delivered', true],
    ['unknown', 'queued', true],
    ['sent', 'bounced', true],
    ['delivered', 'bounced', true],
    ['delivered', 'sent', false],
    ['delivered', 'delayed', false],
    ['bounced', 'delivered', false],
    ['bounced', 'sent', false],
    ['sent', 'cancelled', false],
    ['sent', 'queued', false],
    ['cancelled', 'sent', false],
    ['skipped', 'queued', false],
  ] as const)('that is %s may become %s: %s', (from, to, may) => expect(mayBecome(from, to)).toBe(may));

  it('never comes back to where it was, but by a person who has it sent again', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...states), { maxLength: 20 }), (said) => {
        let state: DeliveryState = 'sent';
        const seen: DeliveryState[] = [state];
        for (const next of said)
          if (mayBecome(state, next)) {
            state = next;
            seen.push(state);
          }
        expect(new Set(seen).size).toBe(seen.length);
      }),
    );
  });

  it('keeps secrets only as long as it may have to go out', () => {
    for (const state of states) if (isFinal(state)) expect(needsSecrets(state)).toBe(false);
    expect(needsSecrets('sent')).toBe(false);
    expect(needsSecrets('unknown')).toBe(true);
  });
});
