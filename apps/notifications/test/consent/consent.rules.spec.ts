import type { ConsentHow, PersonId } from '@leasewire/contracts';
import type { Category } from '../../src/compose/category.rules.js';
import { consentOf, heard, silence, type Said, type Standing } from '../../src/consent/consent.rules.js';

const ann: PersonId = 'per_01jd3k8x9e7m2q4r5s6t7v8w9a';
const bob: PersonId = 'per_01jd3k8x9e7m2q4r5s6t7v8w9b';
const at = (minute: number) => new Date(Date.UTC(2026, 10, 24, 9, minute));
const said = (
  minute: number,
  answer: Said['answer'],
  category: Category | null,
  how: ConsentHow = 'written',
  personId: PersonId | null = ann,
): Said => ({
  ...{ personId, category, answer, how },
  at: at(minute),
});
const agreed = said(1, 'granted', 'operational');
const stop = said(2, 'refused', null, 'keyword', null);
const start = said(3, 'granted', null, 'keyword', null);
const leftAlone = said(2, 'refused', null, 'spoken');
const all = (...lines: Said[]): Standing => lines.reduce(heard, silence);

describe('what counts of what somebody said', () => {
  it.each<[string, Standing, Category, 'granted' | 'refused' | null]>([
    ['nothing: no answer', all(), 'operational', null],
    ['agreed', all(agreed), 'operational', 'granted'],
    ['agreed to texts about their home: security texts too', all(agreed), 'security', 'granted'],
    ['agreed to texts about their home: no offers', all(agreed), 'marketing', null],
    ['STOP', all(agreed, stop), 'operational', 'refused'],
    ['STOP ends emergencies too', all(agreed, stop), 'emergency', 'refused'],
    ['STOP of who never agreed', all(stop), 'operational', 'refused'],
    ['START brings back what was agreed', all(agreed, stop, start), 'operational', 'granted'],
    ['START of who had agreed to nothing agrees to what everybody gets', all(stop, start), 'operational', 'granted'],
    ['START agrees to no offers', all(stop, start), 'marketing', null],
    ['START brings offers back that were agreed', all(said(1, 'granted', 'marketing'), stop, start), 'marketing', 'granted'],
    ['START that comes before its older STOP', all(start, stop), 'operational', 'granted'],
    ['STOP twice', all(agreed, stop, stop), 'operational', 'refused'],
    ['a written consent after STOP does not undo it', all(stop, said(4, 'granted', 'operational')), 'operational', 'refused'],
    ['a wish to be left alone', all(agreed, leftAlone), 'operational', 'refused'],
    ['who agrees anew takes the wish back', all(agreed, leftAlone, said(5, 'granted', 'operational')), 'operational', 'granted'],
    ['an older consent that is entered late does not', all(leftAlone, agreed), 'operational', 'refused'],
    [
      'STOP after a wish is the harder of the two',
      all(leftAlone, said(4, 'refused', null, 'keyword'), said(5, 'granted', 'operational')),
      'operational',
      'refused',
    ],
    ['a category refused', all(agreed, said(4, 'refused', 'operational', 'unsubscribe-page')), 'operational', 'refused'],
    [
      'a category refused leaves the other',
      all(said(1, 'granted', 'marketing'), said(4, 'refused', 'operational')),
      'marketing',
      'granted',
    ],
    ['no consent is asked for emergencies', all(said(4, 'refused', 'operational')), 'emergency', null],
    [
      'refused, entered late',
      all(said(5, 'granted', 'operational'), said(4, 'refused', 'operational')),
      'operational',
      'granted',
    ],
  ])('%s', (_name, standing, category, expected) => {
    expect(consentOf(category, ann, standing)).toBe(expected);
  });

  it('what one person agreed to is not the word of the next who has the number; their STOP is', () => {
    expect(consentOf('operational', bob, all(agreed))).toBeNull();
    expect(consentOf('operational', bob, all(agreed, stop))).toBe('refused');
  });

  it('who refused is left alone at a new address; who agreed must agree again', () => {
    const elsewhere = [all(said(1, 'refused', 'operational', 'one-click'))];
    expect(consentOf('operational', ann, null, elsewhere)).toBe('refused');
    expect(consentOf('operational', bob, null, elsewhere)).toBeNull();
    expect(consentOf('operational', ann, null, [all(agreed)])).toBeNull();
    expect(consentOf('operational', ann, all(agreed), elsewhere)).toBe('granted');
  });
});
