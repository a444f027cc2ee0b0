import { namedQuery, phoneToWriteTo } from '../../src/audience/audience.rules.js';

const here = 'prop_01k9zq3v7m8n2p4r6s8t0v2w4x';
const elsewhere = 'prop_01k9zq3v7m8n2p4r6s8t0v2w4y';
const who = 'res_01k9zq3v7m8n2p4r6s8t0v2w4x';
const unit = 'unit_01k9zq3v7m8n2p4r6s8t0v2w4x';
const shown = { state: { $in: ['active', 'pending-import'] } };

describe('whom a selection names', () => {
  it('by id: also whoever has left', () => {
    expect(namedQuery({ ids: [who] }, 'all')).toEqual({ _id: { $in: [who] } });
  });
  it('by unit or property: whoever is there', () => {
    expect(namedQuery({ unitIds: [unit] }, 'all')).toEqual({ unitIds: { $in: [unit] }, ...shown });
    expect(namedQuery({ propertyIds: [here], userTypes: ['committee'] }, 'all')).toEqual({
      propertyId: { $in: [here] },
      userTypes: { $in: ['committee'] },
      ...shown,
    });
  });
  it('is held to what the one who asked may see', () => {
    expect(namedQuery({ ids: [who] }, [here])).toEqual({ propertyId: { $in: [here] }, _id: { $in: [who] } });
    expect(namedQuery({ propertyIds: [here, elsewhere] }, [here])).toMatchObject({ propertyId: { $in: [here] } });
    expect(namedQuery({ propertyIds: [elsewhere] }, [here])).toBeNull();
    expect(namedQuery({ unitIds: [unit] }, [])).toBeNull();
  });
});

describe('the phone to write to', () => {
  const phone = (kind: 'mobile' | 'home' | 'work' | 'other', e164: string | null) => ({ kind, e164, raw: '1' });
  it.each([
    ['a mobile before all others', [phone('home', '+61200000001'), phone('mobile', '+61400000002')], '+61400000002'],
    ['one that may be a mobile', [phone('work', '+61200000001'), phone('other', '+61400000002')], '+61400000002'],
    ['any, where there is no better one', [phone('home', '+61200000001')], '+61200000001'],
    ['none that cannot be read', [phone('mobile', null)], null],
    ['none', [], null],
  ])('is %s', (_name, phones, expected) => {
    expect(phoneToWriteTo(phones)).toBe(expected);
  });
});
