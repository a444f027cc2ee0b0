import { ofAnyone } from '../../src/audience/candidate.rules.js';
import type { Decided } from '../../src/audience/verdict.rules.js';
import { sampleOf } from '../../src/message/preview.service.js';
import { smsLoad } from '../../src/message/sms-load.rules.js';

const texted = (name: string, more: Partial<Decided> = {}): Decided => ({
  candidate: ofAnyone({ who: name, name }),
  channel: 'sms',
  verdict: { will: true, address: '+12025550100' },
  language: 'en',
  fields: { 'resident.name': name },
  ...more,
});
const water = (one: Decided): string => `Dear ${one.candidate.name}, ${'water is off. '.repeat(10)}`;

describe('what the texts of a message cost', () => {
  it('is counted by the text of each, so that the one long name among a thousand counts too', () => {
    const all = Array.from({ length: 1000 }, (_, nth) => texted(`Ana ${nth}`));
    const [longest, foreign] = [texted('Bartholomew Featherstonehaugh'), texted('Łucja')];
    const load = smsLoad([...all, longest, foreign], water);
    expect(load).toEqual({
      total: 1000 + 2 + 3,
      most: 3,
      longest: 'Łucja',
      spread: [
        { segments: 1, people: 1000 },
        { segments: 2, people: 1 },
        { segments: 3, people: 1 },
      ],
      ucs2: 1,
      tooLong: [],
    });
  });

  it('is of those only who are texted', () => {
    const not = { will: false, reason: 'opted-out', message: 'No.', address: null } as const;
    const load = smsLoad([texted('Ana', { verdict: not }), texted('Ben', { channel: 'email' })], water);
    expect(load).toEqual({ total: 0, most: 1, longest: null, spread: [], ucs2: 0, tooLong: [] });
  });

  it('says for whom it is longer than a carrier takes', () => {
    const load = smsLoad([texted('Ana'), texted('Ben'), texted('Cleo')], ({ candidate }) =>
      'x'.repeat(candidate.name === 'Ben' ? 1601 : 1600),
    );
    expect(load.tooLong).toEqual(['Ben']);
  });
});

it('a sample has what each channel puts in, for the text message has fields that the mail has not', () => {
  const mailed = texted('Ana', { channel: 'email', fields: { 'unit.name': 'B-1' } });
  expect(sampleOf([mailed, texted('Ben'), texted('Ana')], undefined)?.fields).toEqual({
    'unit.name': 'B-1',
    'resident.name': 'Ana',
  });
});
