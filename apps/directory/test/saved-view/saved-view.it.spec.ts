import { listSavedViews, removeView, saveView } from '@leasewire/contracts';
import { codeOf, DirectorySuite } from '../service/directory-suite.js';

describe('saved views', () => {
  let suite: DirectorySuite;
  beforeAll(async () => {
    suite = await DirectorySuite.start();
  });

  it('are one’s own until they are shared, and only who saved one changes it', async () => {
    const { orgId, owner } = suite.org();
    const other = suite.staffOf(orgId, 'all');
    const query = { state: ['active'], 'odd.key': { $in: 1 } };
    const view = await suite.call(owner, saveView, { name: 'No e-mail', list: 'residents', query });
    expect(view).toMatchObject({ name: 'No e-mail', query, shared: false, mine: true });
    expect(await codeOf(suite.call(owner, saveView, { name: 'NO E-MAIL', list: 'residents', query: {} }))).toBe(
      'view.name-taken',
    );
    expect((await suite.call(other, listSavedViews, {})).items).toEqual([]);

    await suite.call(owner, saveView, { id: view.id, name: 'Without e-mail', list: 'residents', query, shared: true });
    expect((await suite.call(other, listSavedViews, { list: 'residents' })).items).toMatchObject([
      { id: view.id, name: 'Without e-mail', shared: true, mine: false },
    ]);
    expect((await suite.call(other, listSavedViews, { list: 'units' })).items).toEqual([]);
    expect((await suite.call(suite.org().owner, listSavedViews, {})).items).toEqual([]);
    expect(await codeOf(suite.call(other, removeView, { id: view.id }))).toBe('not-found');
    expect(await codeOf(suite.call(other, saveView, { id: view.id, name: 'x', list: 'residents', query }))).toBe('not-found');
    await suite.call(owner, removeView, { id: view.id });
    expect((await suite.call(owner, listSavedViews, {})).items).toEqual([]);
  });
});
