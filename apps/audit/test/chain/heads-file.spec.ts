import { appendFile, mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChainHead, OrgId } from '@leasewire/contracts';
import { silentLog } from '@leasewire/messaging';
import { eventually, newOrgId } from '@leasewire/testing';
import { HeadsFile } from '../../src/chain/heads-file.js';

const head = (orgId: OrgId, seq: number): ChainHead => ({
  orgId,
  seq,
  hash: 'h',
  at: '2026-11-20T10:00:00.000Z',
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
