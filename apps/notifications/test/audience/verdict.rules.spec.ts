import { newId } from '@leasewire/messaging';
import type { AudienceMember } from '@leasewire/contracts';
import { ofAnyone, ofMember, once, onceEach, withEmails, type Candidate } from '../../src/audience/candidate.rules.js';
import { audienceDigest, decide, reachOf, type Circumstances, type Decided } from '../../src/audience/verdict.rules.js';

const ana = ofAnyone({ who: 'per_ana', name: 'Ana', email: 'ana@example.test', state: 'active' });
const usual: Circumstances = {
  channel: 'email',
  category: 'operational',
  isOn: true,
  found: { address: 'ana@example.test' },
  suppressed: null,
  standing: { consent: null },
  lacks: [],
  anyState: false,
};

describe('somebody receives a message, or it is said why not', () => {
  it.each<[string, Partial<Candidate>, Partial<Circumstances>, string]>([
    ['an active resident', {}, {}, 'will'],
    ['one who is not imported', { state: 'pending-import' }, {}, 'pending-import'],
    ['one who left', { state: 'archived' }, {}, 'archived'],
    ['one who left, whose address a service gave', { state: 'archived' }, { anyState: true }, 'will'],
    ['one whose property is silent', { silent: true }, {}, 'service-not-started'],
    ['one without an address', {}, { found: null }, 'no-address'],
    ['one with an address that is none', {}, { found: { problem: 'x' } }, 'unusable-address'],
    ['one whose address bounced', {}, { suppressed: 'x' }, 'suppressed'],
    ['one whose address bounced, in an emergency', {}, { suppressed: 'x', category: 'emergency' }, 'suppressed'],
    ['one who opted out', {}, { standing: { consent: 'refused' } }, 'opted-out'],
    ['one who opted out, in an emergency', {}, { standing: { consent: 'refused' }, category: 'emergency' }, 'will'],
    ['one who was never asked, marketing', {}, { category: 'marketing' }, 'no-consent'],
    ['one who was never asked, by text', {}, { channel: 'sms' }, 'no-consent'],
    ['one who agreed, by text', {}, { channel: 'sms', standing: { consent: 'granted' } }, 'will'],
    ['one who lacks a field', {}, { lacks: ['unit.name'] }, 'missing-field'],
    ['anybody by a channel that is off', {}, { isOn: false }, 'channel-off'],
    ['one who is not known', { refused: 'not-found' }, {}, 'not-found'],
  ])('%s', (_who, more, about, expected) => {
    const verdict = decide({ ...ana, ...more }, { ...usual, ...about });
    expect(verdict.will ? 'will' : verdict.reason).toBe(expected);
  });
});

describe('an audience', () => {
  const member = (more: Partial<AudienceMember> = {}): AudienceMember => ({
    ...{
      residentId: newId('res'),
      personId: newId('per'),
      propertyId: newId('prop'),
      unitIds: [],
      unit: 'A-1',
      bedroom: null,
      lease: null,
    },
    ...{ name: { first: 'Ana', last: 'Reyes' }, displayName: 'Ana Reyes', email: 'ana@example.test', sharedEmail: false },
    ...{ phone: null, language: null, state: 'active', userTypes: [], leaseStatus: null, accountStatus: null, assignable: true },
    ...{ access: { open: true, reason: 'lease' }, issues: [], version: 1 },
    ...more,
  });

  it('of those a service named has each once: where they live, in whatever order they were named', () => {
    const personId = newId('per');
    const [left, lives] = (['archived', 'active'] as const).map((state) => ofMember(member({ state, personId })));
    for (const named of [
      [left!, lives!],
      [lives!, left!],
    ])
      expect(once(named)).toEqual([lives]);
  });

  it('has each person once: active before archived, then of the property whose message it is', () => {
    const here = newId('prop');
    const personId = newId('per');
    const archived = member({ personId, state: 'archived', propertyId: here });
    const elsewhere = member({ personId });
    const there = member({ personId, propertyId: here });
    expect(onceEach([archived, elsewhere], here)).toEqual([elsewhere]);
    expect(onceEach([elsewhere, there], here)).toEqual([there]);
    expect(onceEach([there, elsewhere], here)).toEqual([there]);
  });

  it('adds an address only where nobody has it already', () => {
    const all = withEmails(
      [ofMember(member())],
      [{ email: 'ana@example.test' }, { email: 'o@example.test' }, { email: 'o@example.test' }],
    );
    expect(all.map(({ who, refused }) => [who.slice(0, 4), refused])).toEqual([
      ['per_', null],
      ['mail', 'duplicate'],
      ['mail', null],
    ]);
  });

  it('is another as soon as somebody else receives it, or elsewhere, in whichever order', () => {
    const one = (who: string, address: string): Decided => ({
      candidate: { ...ana, who },
      channel: 'email',
      verdict: { will: true, address },
      language: 'en',
      fields: {},
    });
    const [a, b] = [one('a', 'a@x.test'), one('b', 'b@x.test')];
    expect(audienceDigest([a, b])).toBe(audienceDigest([b, a]));
    expect(audienceDigest([a])).not.toBe(audienceDigest([a, b]));
    expect(audienceDigest([one('a', 'c@x.test')])).not.toBe(audienceDigest([a]));
    expect(reachOf([a, b])).toEqual({ people: 2, reached: 2, channels: { email: { will: 2, not: {} } } });
  });
});
