import fc from 'fast-check';
import { adviceFor, withPlainLetters, withPlainSigns } from '../../src/sms/plain-sms.rules.js';
import { cutToSegments, segmentsOf } from '../../src/sms/segment.rules.js';

const times = (text: string, count: number): string => text.repeat(count);

describe('a text costs as many segments as a carrier counts', () => {
  it.each([
    ['nothing', '', 'gsm-7', 0, 160],
    ['160 plain characters', times('a', 160), 'gsm-7', 1, 0],
    ['161', times('a', 161), 'gsm-7', 2, 145],
    ['306, two full segments', times('a', 306), 'gsm-7', 2, 0],
    ['307', times('a', 307), 'gsm-7', 3, 152],
    ['accents of the alphabet', times('éèùìòñÑüà', 10), 'gsm-7', 1, 70],
    ['80 euros: each counts two', times('€', 80), 'gsm-7', 1, 0],
    ['81 euros: none is parted, so one septet stays empty', times('€', 81), 'gsm-7', 2, 143],
    ['an escape that would be parted', `${times('a', 152)}€${times('a', 10)}`, 'gsm-7', 2, 141],
    ['one letter that is not in it', `${times('a', 69)}ó`, 'ucs-2', 1, 0],
    ['one more', `${times('a', 70)}ó`, 'ucs-2', 2, 63],
    ['153 characters and one curly quote', `${times('a', 153)}’`, 'ucs-2', 3, 47],
    ['an emoji is two units', times('🙂', 35), 'ucs-2', 1, 0],
    ['36 emoji: none is parted, so one unit stays empty', times('🙂', 36), 'ucs-2', 2, 61],
    ['new lines', 'a\nb', 'gsm-7', 1, 157],
  ])('%s', (_name, text, encoding, count, left) => {
    expect(segmentsOf(text)).toMatchObject({ encoding, count, left });
  });

  it('names what makes it expensive, each once', () => {
    expect(segmentsOf('Señor Gómez – ¿Gómez?').unusual).toEqual(['ó', '–']);
  });

  it('never less than its length allows, and cutting keeps what was asked for', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '€', 'é', 'ó', '🙂', '\n', '{'), maxLength: 400 });
    fc.assert(
      fc.property(text, fc.integer({ min: 1, max: 4 }), (any, most) => {
        const { count, used, encoding } = segmentsOf(any);
        expect(count * (encoding === 'gsm-7' ? 160 : 70)).toBeGreaterThanOrEqual(used);
        const cut = cutToSegments(any, most);
        expect(segmentsOf(cut).count).toBeLessThanOrEqual(most);
        if (count <= most) expect(cut).toBe(any);
        expect(cut).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
      }),
    );
  });

  it('is cut at a word', () => {
    expect(cutToSegments(times('water ', 30), 1)).toBe(times('water ', 26).trim() + '...');
  });
});

describe('a cheaper way to say the same', () => {
  it('signs of word processors become those of the keyboard', () => {
    expect(withPlainSigns('“It’s off” – 9 to 5…\u00a0ok\u200b')).toBe('"It\'s off" - 9 to 5... ok');
    expect(segmentsOf(withPlainSigns('“It’s off” – 9 to 5…')).encoding).toBe('gsm-7');
  });

  it('letters lose accents only where the alphabet lacks them', () => {
    expect(withPlainLetters('Mañana, señor Gómez: él, così, cœur, garçon, Łódź')).toBe(
      'Mañana, señor Gomez: él, così, coeur, garÇon, Lodz',
    );
  });

  it('is advised when it saves something, and says what cannot be helped', () => {
    const long = `Mañana de 9 a 12 no habrá agua en el edificio. ${times('Gracias. ', 5)}`;
    expect(adviceFor(long)).toMatchObject({ segments: { encoding: 'ucs-2', count: 2 }, plainer: { count: 1 }, costly: [] });
    expect(adviceFor('No habrá agua')).toMatchObject({ plainer: null });
    expect(adviceFor('Party 🎉')).toMatchObject({ plainer: null, costly: ['🎉'] });
  });
});
