import { Remembered } from '../../src/connector/remembered.js';

describe('what was worked out of a text', () => {
  it('is not worked out again, also when it came to nothing', () => {
    const work = jest.fn((text: string) => (text === 'none' ? null : text.length));
    const remembered = new Remembered<number | null>(10);
    for (const text of ['abc', 'none', 'abc', 'none']) remembered.of(text, work);
    expect(remembered.of('abc', work)).toBe(3);
    expect(remembered.of('none', work)).toBeNull();
    expect(work).toHaveBeenCalledTimes(2);
  });

  it('is forgotten when there is too much of it; what is asked for stays', () => {
    const worked: string[] = [];
    const remembered = new Remembered<string>(10);
    const ask = (text: string) => remembered.of(text, (one) => (worked.push(one), one));
    for (let n = 0; n < 100; n++) {
      ask(`seldom ${n}`);
      ask('often');
    }
    expect(worked.filter((text) => text === 'often')).toHaveLength(1);
    ask('seldom 0');
    expect(worked.filter((text) => text === 'seldom 0')).toHaveLength(2);
  });
});
