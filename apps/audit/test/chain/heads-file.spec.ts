import { appendFile, mkdtemp, readdir, readFile, rename } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { ChainHead, OrgId } from '@leasewire/contracts';
import { silentLog } from '@leasewire/messaging';
import { eventually, newOrgId } from '@leasewire/testing';
import { HeadsFile } from '../../src/chain/heads-file.js';

const head = (orgId: OrgId, seq: number, at = '2026-11-20T10:00:00.000Z'): ChainHead => ({
  orgId,
  seq,
  hash: 'h',
  at,
  keyId: 'k',
  signature: 's',
});
const newPath = async (): Promise<string> => join(await mkdtemp(join(tmpdir(), 'lw-heads-')), 'not', 'yet', 'there.ndjson');
const seqsOf = async (file: HeadsFile, orgId: OrgId): Promise<number[]> => {
  const seqs: number[] = [];
  for await (const { seq } of file.headsOf(orgId)) seqs.push(seq);
  return seqs;
};

describe('the file of heads', () => {
  it('gets the newest head of each organization at once, then once a second, and the last one at the end', async () => {
    const path = await newPath();
    const [one, two] = [newOrgId(), newOrgId()];
    const file = new HeadsFile(path, silentLog);
    file.note(head(one, 1)); // recorded before the file was open
    await file.open();
    await eventually(async () => expect(await seqsOf(file, one)).toEqual([1]));
    for (let seq = 2; seq <= 50; seq++) file.note(head(one, seq));
    file.note(head(two, 7));
    await file.close();
    expect([await seqsOf(file, one), await seqsOf(file, two)]).toEqual([[1, 50], [7]]);
    expect((await readFile(path, 'utf8')).match(/\n/g)?.length).toBeLessThan(8);
  });
  it('survives half a line of before', async () => {
    const path = await newPath();
    const org = newOrgId();
    const before = new HeadsFile(path, silentLog);
    await before.open();
    before.note(head(org, 1));
    await before.close();
    await appendFile(path, `{"orgId":"${org}","seq":2,"ha`);
    const after = new HeadsFile(path, silentLog);
    await after.open();
    after.note(head(org, 3));
    await after.close();
    expect(await seqsOf(after, org)).toEqual([1, 3]);
  });
  it('is thinned out when it has become large: the last head of each month stays, also what others write meanwhile', async () => {
    const path = await newPath();
    const [one, two] = [newOrgId(), newOrgId()];
    const other = new HeadsFile(path, silentLog, 1_000_000);
    await other.open();
    const lines = Array.from({ length: 40 }, (_, seq) =>
      JSON.stringify(head(one, seq, `2026-${seq < 20 ? '10' : '11'}-20T10:00:00.000Z`)),
    );
    await appendFile(path, `\n${lines.join('\n')}\nnot a head\n${JSON.stringify(head(two, 5))}\n`);
    const file = new HeadsFile(path, silentLog, 4000);
    await file.open();
    file.note(head(one, 40));
    await eventually(async () => expect(await seqsOf(file, one)).toEqual([19, 40]));
    // it still has the file of before open
    other.note(head(two, 6));
    await other.close();
    file.note(head(one, 41));
    await file.close();
    expect([await seqsOf(file, one), await seqsOf(file, two)]).toEqual([
      [19, 40, 41],
      [5, 6],
    ]);
    expect(await readdir(dirname(path))).toEqual(['there.ndjson']);
  });
  it('may be moved away by whoever rotates logs: a new one goes on', async () => {
    const path = await newPath();
    const org = newOrgId();
    const file = new HeadsFile(path, silentLog);
    await file.open();
    file.note(head(org, 1));
    await eventually(async () => expect(await seqsOf(file, org)).toEqual([1]));
    await rename(path, `${path}.1`);
    file.note(head(org, 2));
    await file.close();
    expect((await seqsOf(file, org)).at(-1)).toBe(2);
  });
  it('that cannot be written stops the service at its start', async () => {
    const path = join(__filename, 'heads.ndjson'); // a file where a directory should be
    await expect(new HeadsFile(path, silentLog).open()).rejects.toThrow(`LEASEWIRE_AUDIT_HEADS_FILE names ${path}`);
  });
  it('is empty while it is not there', async () => {
    expect(await seqsOf(new HeadsFile(await newPath(), silentLog), newOrgId())).toEqual([]);
  });
  it('may be none, which is said at the start', async () => {
    const warn = jest.fn();
    const file = new HeadsFile(undefined, { ...silentLog, warn });
    await file.open();
    expect(warn).toHaveBeenCalledWith({}, expect.stringContaining('Set LEASEWIRE_AUDIT_HEADS_FILE'));
    file.note(head(newOrgId(), 1));
    expect(await seqsOf(file, newOrgId())).toEqual([]);
    await file.close();
  });
});
