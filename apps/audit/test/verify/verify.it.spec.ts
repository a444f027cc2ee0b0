import { appendFile, readFile } from 'node:fs/promises';
import { auditChainBroken, type ChainHead, type OrgId, type Verification } from '@leasewire/contracts';
import { eventually } from '@leasewire/testing';
import { nextAfter } from '../../src/chain/chain.rules.js';
import { newWorld, Organization, type World } from '../audit.world.js';
import { Intruder } from './intruder.js';

let world: World;
/** The same with a log of heads outside of the database. */
let withFile: World;
beforeAll(async () => {
  world = await newWorld({ headsFile: false });
  withFile = await newWorld();
});

const length = 12;

interface Scene {
  readonly orgId: OrgId;
  readonly intruder: Intruder;
  readonly head: ChainHead;
}
async function scene(of = world): Promise<Scene> {
  const org = new Organization();
  for (const batch of [org.staffChanges(5), org.staffChanges(length - 5)]) await of.recorder.record(org.orgId, batch);
  const chain = await of.chains.find(org.orgId);
  return { orgId: org.orgId, intruder: new Intruder(org.orgId, of), head: chain!.head! };
}
const found = ({ faults }: Verification): string[] => faults.map((fault) => `${fault.kind} ${fault.seq}`);

describe('verification of a chain in the database finds', () => {
  it.each<[string, (intruder: Intruder) => Promise<unknown>, string[]]>([
    ['nothing where nothing was done', () => Promise.resolve(), []],
    ['a changed actor', (i) => i.set(4, { actor: 'staff:stf_somebodyelse' }), ['changed 4']],
    ['a changed time', (i) => i.set(4, { at: new Date(0) }), ['changed 4']],
    ['changed content', (i) => i.set(4, { content: '{}' }), ['changed 4']],
    ['personal fields taken away', (i) => i.set(4, { personal: [] }), ['changed 4']],
    ['a type that is found under another name', (i) => i.set(4, { types: ['nothing'] }), ['changed 4']],
    ['an entry that others may see', (i) => i.set(4, { scope: 'prop_x' }), ['changed 4']],
    ['a field of another kind', (i) => i.set(4, { entityVersion: '4', at: 'noon' }), ['changed 4']],
    ['a removed entry', (i) => i.remove(4), ['removed 4']],
    ['removed ones', (i) => i.remove(4, 5, 6, 9), ['removed 4', 'removed 9']],
    ['a cut end', (i) => i.remove(11, 12), ['cut 11']],
    ['an entry put at the end', (i) => i.insertAfter(12), ['inserted 13']],
    [
      'an entry changed together with its hash',
      async (i) => {
        const { hash: _hash, ...row } = await i.row(4);
        const { hash } = nextAfter({ seq: 3, hash: row.previousHash }, { ...row, content: '{}' });
        await i.set(4, { content: '{}', hash });
      },
      ['changed 4'],
    ],
    ['a forged head', (i) => i.chain({ hash: 'f'.repeat(64) }), ['head-forged 12']],
    ['a missing head', (i) => i.removeChain(), ['head-forged 0']],
    [
      'a forged anchor over a removed beginning',
      async (i) => {
        const row = await i.row(3);
        await i.remove(1, 2, 3);
        const anchor = world.keys.sign('head', { orgId: i.orgId, seq: 3, hash: row.hash }, new Date());
        await i.chain({ anchor });
      },
      ['head-forged 3', 'removed 1'],
    ],
    [
      'a chain written anew with a head that it signed itself',
      async (i) => {
        const end = await i.rewriteFrom(4, { content: '{}' });
        await i.chain({ ...end, 'head.hash': end.hash });
      },
      ['head-forged 12'],
    ],
  ])('%s', async (_name, intrude, faults) => {
    const { orgId, intruder } = await scene();
    await intrude(intruder);
    const verification = await world.verify(orgId);
    expect(found(verification)).toEqual(faults);
    expect(verification.intact).toBe(faults.length === 0);
    const [first] = verification.faults;
    if (first?.kind === 'changed') expect(first.entryId).toBe((await intruder.row(first.seq))._id);
  });

  it('a chain and head set back to what they were before', async () => {
    const org = new Organization();
    await world.recorder.record(org.orgId, org.staffChanges(5));
    const before = await world.rows('chains').findOne({ _id: org.orgId });
    await world.heads.announce(org.orgId);
    await world.recorder.record(org.orgId, org.staffChanges(5));
    const { head } = (await world.chains.find(org.orgId))!;
    await world.rows('entries').deleteMany({ orgId: org.orgId, seq: { $gt: 5 } });
    await world.rows('chains').replaceOne({ _id: org.orgId }, before!);
    expect(found(await world.verify(org.orgId, head!))).toEqual(['cut 6']);
  });

  it('by a head that somebody kept, also what left no trace in the database', async () => {
    const { orgId, head } = await scene();
    for (const name of ['entries', 'chains', 'heads']) await world.rows(name).deleteMany({ orgId });
    // nothing is there, and nothing else says so but what was kept
    expect(found(await world.verify(orgId))).toEqual([]);
    expect(found(await world.verify(orgId, head))).toEqual(['cut 1']);
  });

  it('that a head it is given was never signed here', async () => {
    const { orgId, head } = await scene();
    expect(found(await world.verify(orgId, { ...head, seq: 99 }))).toEqual(['head-forged 99']);
    const other = await scene();
    expect(found(await world.verify(orgId, other.head))).toEqual([`head-forged ${other.head.seq}`]);
  });
});

describe('the log of heads outside of the database', () => {
  const headsIn = async (orgId: OrgId): Promise<number[]> => {
    const lines = (await readFile(withFile.file.path!, 'utf8')).split('\n').filter((line) => line.includes(orgId));
    return lines.map((line) => (JSON.parse(line) as ChainHead).seq);
  };
  it('gets the head of every batch, or of a second', async () => {
    const { orgId } = await scene(withFile);
    await eventually(async () => expect((await headsIn(orgId)).at(-1)).toBe(length));
  });
  it('contradicts a cut chain whose heads were set back everywhere else, whatever else stands in the file', async () => {
    const { orgId, intruder } = await scene(withFile);
    await eventually(async () => expect((await headsIn(orgId)).at(-1)).toBe(length));
    await appendFile(withFile.file.path!, `\nnot json ${orgId}\n{"orgId":"${orgId}"}\n`);
    const row = await intruder.row(5);
    const head = withFile.keys.sign('head', { orgId, seq: 5, hash: row.hash }, new Date());
    await intruder.remove(6, 7, 8, 9, 10, 11, 12);
    await intruder.chain({ seq: 5, hash: row.hash, head });
    expect(found(await withFile.verify(orgId))).toEqual(['cut 6']);
  });
});

describe('a broken chain', () => {
  const told = (orgId: OrgId) => world.told(auditChainBroken, orgId);
  it('is told once for each fault, and again when it was whole in between', async () => {
    const { orgId, intruder } = await scene();
    const { content } = await intruder.row(4);
    await intruder.set(4, { content: '{}' });
    await Promise.all([world.verifying.verify(orgId), world.verifying.verify(orgId)]);
    await world.verifying.verify(orgId);
    expect(await told(orgId)).toHaveLength(1);
    await intruder.remove(9);
    await world.verifying.verify(orgId);
    expect((await told(orgId)).map(({ verification }) => found(verification))).toEqual([['changed 4'], ['removed 9']]);
    await intruder.set(4, { content });
    await world.verifying.verify(orgId);
    await intruder.set(4, { content: '{}' });
    await world.verifying.verify(orgId);
    expect(await told(orgId)).toHaveLength(3);
  });
  it('is not told of because somebody gave a wrong head', async () => {
    const { orgId, head } = await scene();
    await world.verifying.verify(orgId, { head: { ...head, hash: 'f'.repeat(64) } });
    expect(await told(orgId)).toEqual([]);
  });
});

it('a chain that grows and is announced meanwhile is seen at one moment', async () => {
  const org = new Organization();
  await world.recorder.record(org.orgId, org.staffChanges(50));
  let growing = true;
  const grow = async (): Promise<void> => {
    while (growing) {
      await world.recorder.record(org.orgId, org.staffChanges(3));
      await world.heads.announce(org.orgId);
    }
  };
  const done = grow();
  try {
    for (const seen = new Set<number>(); seen.size < 8;) {
      const verification = await world.verify(org.orgId);
      expect(verification.faults).toEqual([]);
      seen.add(verification.to);
    }
  } finally {
    growing = false;
    await done;
  }
});

it('a chain of thousands is walked in batches while others get their turn', async () => {
  const org = new Organization();
  for (let n = 0; n < 8; n++) await world.recorder.record(org.orgId, org.staffChanges(200));
  let turns = 0;
  const ticking = setInterval(() => (turns += 1), 1);
  const { intact, entries } = await world.verify(org.orgId);
  clearInterval(ticking);
  expect({ intact, entries }).toEqual({ intact: true, entries: 1600 });
  expect(turns).toBeGreaterThan(3);
});
