import { EventId } from '@leasewire/contracts';
import { newId } from '../src/index.js';

describe('an id', () => {
  it('is what the contracts say an id is', () => {
    expect(EventId.safeParse(newId('evt')).success).toBe(true);
  });

  it('sorts by the order in which one process made it, also within a millisecond', () => {
    const ids = Array.from({ length: 20_000 }, () => newId('evt'));
    expect(ids).toEqual([...ids].sort());
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('goes on counting when the clock steps back', () => {
    const before = newId('evt');
    const now = jest.spyOn(Date, 'now').mockReturnValue(1);
    expect(newId('evt') > before).toBe(true);
    now.mockRestore();
  });
});
