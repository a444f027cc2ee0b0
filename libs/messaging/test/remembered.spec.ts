import { Remembered } from '../src/remembered.js';

describe('what is remembered', () => {
  it('forgets the oldest when it is too many', () => {
    const remembered = new Remembered<number>();
    for (let i = 0; i < 10_005; i++) remembered.set(String(i), i);
    expect(remembered.size).toBe(10_000);
    expect(remembered.get('4')).toBeUndefined();
    expect(remembered.get('5')).toBe(5);
  });

  it('forgets the oldest when it is too much', () => {
    const remembered = new Remembered<number>();
    for (let i = 0; i < 20; i++) remembered.set(String(i).padStart(1024 * 1024), i);
    expect(remembered.size).toBe(16);
    expect(remembered.get('19'.padStart(1024 * 1024))).toBe(19);
  });

  it('that is set again counts once and as new', () => {
    const remembered = new Remembered<number>();
    for (let i = 0; i < 10_000; i++) remembered.set(String(i), i);
    remembered.set('0', 1);
    remembered.set('new', 2);
    expect([remembered.get('0'), remembered.get('1'), remembered.get('new')]).toEqual([1, undefined, 2]);
  });
});
