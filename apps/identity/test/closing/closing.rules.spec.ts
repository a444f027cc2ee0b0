import { assertMayClose, consequencesOfClosing, takesEffectAt } from '../../src/closing/closing.rules.js';
import { codeThrownBy } from '../code-thrown.js';

const open = { name: 'Harbour Living', closing: null, closedAt: null };
const at = new Date('2026-11-27T09:00:00Z');

describe('an organization', () => {
  it.each([
    ['by its name', open, 'Harbour Living', null],
    ['by its name with a space behind it', open, 'Harbour Living ', null],
    ['not by another name', open, 'harbour', 'organization.name-differs'],
    ['not twice', { ...open, closing: { takesEffectAt: at } }, 'Harbour Living', 'conflict.state'],
    ['not when it is closed', { ...open, closedAt: at }, 'Harbour Living', 'conflict.state'],
  ])('is closed %s', (_name, organization, typed, code) => {
    expect(codeThrownBy(() => assertMayClose(organization, typed))).toBe(code);
  });

  it('closes after a week', () => {
    expect(takesEffectAt(new Date('2026-11-20T09:00:00Z'))).toEqual(at);
  });

  it('says what closing means, and that there is time', () => {
    expect(consequencesOfClosing({ staff: 1, invited: 0, apiKeys: 2 })).toEqual([
      'In 7 days the only staff member is signed out for good.',
      '2 API keys would be revoked.',
      'Messages that are planned or being sent then are cancelled, and nobody is reminded of their invitation any more.',
      'Until then everything works on, and any owner can keep the organization.',
      'Export what you need before: residents, units and the audit record cannot be fetched afterwards.',
    ]);
  });
});
