import { fixedClock } from '@leasewire/testing';
import { Breaker } from '../../src/channel/breaker.js';

describe('while a provider is away', () => {
  it('what is to go out waits after the third failure, each time longer, and goes on with the first success', () => {
    const clock = fixedClock();
    const breaker = new Breaker(clock);
    const fails = () => {
      breaker.failed('away');
    };
    fails();
    fails();
    expect(breaker.isOpen).toBe(false);
    fails();
    expect(breaker.isOpen).toBe(true);
    fails();
    fails();
    clock.advance({ ms: 1_001 });
    expect(breaker.isOpen).toBe(false);
    fails();
    expect(breaker.reason).toBe('away');
    clock.advance({ ms: 1_500 });
    expect(breaker.isOpen).toBe(true);
    clock.advance({ ms: 600 });
    expect(breaker.isOpen).toBe(false);
    breaker.succeeded();
    expect(breaker.reason).toBeNull();
  });
});
