import { listResidents, readExport, startExport, type InputOf, type JobView } from '@leasewire/contracts';
import type { Actor } from '@leasewire/messaging';
import { eventually } from '@leasewire/testing';
import { codeOf, DirectorySuite, person } from '../service/directory-suite.js';

describe('an export', () => {
  let suite: DirectorySuite;
  beforeAll(async () => {
    suite = await DirectorySuite.start();
  });

  async function fileOf(
    actor: Actor,
    input: InputOf<typeof startExport>,
  ): Promise<{ lines: string[]; job: JobView; parts: number }> {
    const job = await suite.call(actor, startExport, input);
    let text = '';
    let part = 0;
    for (let last = false; !last; part++) {
      const read = await eventually(() => suite.call(actor, readExport, { jobId: job.id, part }), { timeoutMs: 20_000 });
      text += read.text;
      last = read.last;
    }
    return { lines: text.split('\r\n').slice(0, -1), job, parts: part };
  }

  it('holds what the list shows, in parts, for who asked, and no formula', async () => {
    const { orgId, owner } = suite.org();
    const here = await suite.adopted(orgId);
    const there = await suite.adopted(orgId, { upstreamId: '4712' });
    for (let from = 0; from < 500; from += 100)
      await suite.apply(
        orgId,
        here,
        Array.from({ length: 100 }, (_, n) => person(String(from + n))),
        { scope: 'targeted' },
      );
    await suite.apply(orgId, there, [person('far', { name: { first: '=1+1', last: 'Evil', raw: 'x' } })]);

    const all = await fileOf(owner, { what: 'residents' });
    expect(all.parts).toBe(3);
    expect(all.lines).toHaveLength(502);
    expect(new Set(all.lines).size).toBe(502);
    expect(all.lines.find((line) => line.includes('Evil'))).toContain(`,'=1+1 Evil,'=1+1,Evil,`);

    const filter = { search: 'haddad12' };
    const { total } = await suite.call(owner, listResidents, { ...filter, withTotal: true });
    expect((await fileOf(owner, { what: 'residents', filter })).lines).toHaveLength(1 + total!);

    const limited = suite.staffOf(orgId, [there.id]);
    expect((await fileOf(limited, { what: 'residents' })).lines).toHaveLength(2);
    expect((await fileOf(limited, { what: 'units' })).lines).toHaveLength(4);
    expect((await fileOf(owner, { what: 'residents', filter: { search: 'nobody' } })).lines).toHaveLength(1);
    expect(await codeOf(suite.call(suite.org().owner, readExport, { jobId: all.job.id, part: 0 }))).toBe('not-found');
    expect(await codeOf(suite.call(limited, readExport, { jobId: all.job.id, part: 0 }))).toBe('not-found');
  });
});
