import { eventually } from '@leasewire/testing';
import { Platform, type Api } from '../src/index.js';

const patience = { timeoutMs: 60_000 };
interface Resident {
  readonly id: string;
  readonly displayName: string;
  readonly email: string | null;
  readonly state: string;
  readonly leaseStatus: string;
  readonly occupancy: { readonly unit: string };
}
interface Uploaded {
  readonly id: string;
  readonly state: string;
  readonly newPeople: number;
  readonly missing: number;
  readonly failedRows: number;
  readonly warnings: readonly { readonly message: string }[];
}
interface Run {
  readonly id: string;
  readonly state: string;
  readonly counts: Readonly<Record<string, number>>;
}

describe('a property that is kept by files', () => {
  let platform: Platform;
  let owner: Api;
  let propertyId: string;
  let bo: string;
  beforeAll(async () => {
    platform = await Platform.start({ services: ['identity', 'gateway', 'directory', 'pms-sync'] });
    owner = await platform.as('owner');
    const property = { name: 'Bay House', kind: 'rental', timeZone: 'Australia/Brisbane', country: 'AU', currency: 'AUD' };
    propertyId = (await made('/v1/properties', property)).id;
    const unit = await made('/v1/units', { propertyId, number: '12' });
    const person = { firstName: 'Bo', lastName: 'Ek', userTypes: ['resident'], email: 'bo@example.com' };
    bo = (await made('/v1/residents', { propertyId, unitId: unit.id, ...person })).id;
  }, 240_000);

  const made = async (path: string, body: object) => (await owner.expect<{ id: string }>(201, 'POST', path, { body })).body;
  const people = (state = 'active') => owner.all<Resident>(`/v1/residents?propertyId=${propertyId}&state=${state}&sort=name`);
  const template = () => owner.get<string>(`/v1/properties/${propertyId}/import-template`);
  async function uploaded(file: string): Promise<Uploaded> {
    const headers = { 'content-type': 'text/csv' };
    const { body } = await owner.expect<Uploaded>(201, 'POST', `/v1/imports?propertyId=${propertyId}`, { body: file, headers });
    return eventually(async () => {
      const found = await owner.get<Uploaded>(`/v1/imports/${body.id}`);
      expect(found.state).toBe('checked');
      return found;
    }, patience);
  }
  async function imported({ id }: Uploaded, removeMissing = false): Promise<Run> {
    const { body } = await owner.expect<Run>(202, 'POST', `/v1/imports/${id}/run`, { body: { removeMissing } });
    return eventually(async () => {
      const run = await owner.get<Run>(`/v1/sync-runs/${body.id}`);
      expect(run.state).toBe('done');
      return run;
    }, patience);
  }

  it('has nobody twice when the template comes back unchanged', async () => {
    const file = await uploaded(await template());
    expect(file).toMatchObject({ newPeople: 0, missing: 0, failedRows: 0 });
    expect(await imported(file, true)).toMatchObject({ counts: { failed: 0, held: 0, skipped: 0 } });
    expect(await people()).toMatchObject([{ id: bo, displayName: 'Bo Ek', occupancy: { unit: '12' } }]);
    expect(await imported(await uploaded(await template()), true)).toMatchObject({ counts: { synced: 0, unchanged: 1 } });
  });

  it('takes over what was changed in it, and who was added', async () => {
    const [head, ...rows] = (await template()).trimEnd().split('\r\n');
    const columns = head!.split(',');
    const ana: Readonly<Record<string, string>> = {
      emailAddress: 'ana@example.com',
      firstName: 'Ana',
      lastName: 'Silva',
      phoneNumber: '12',
      unitId: '14',
    };
    const added = columns.map((column) => ana[column] ?? '').join(',');
    const changed = rows.map((row) => row.replace('bo@example.com', 'bo.ek@example.com'));
    const file = await uploaded([head, ...changed, added].join('\r\n'));
    expect(file).toMatchObject({
      newPeople: 1,
      failedRows: 0,
      warnings: [{ message: expect.stringMatching(/phone/) as string }],
    });
    expect(await imported(file)).toMatchObject({ counts: { synced: 2 } });
    expect(await people()).toMatchObject([
      { displayName: 'Ana Silva', occupancy: { unit: '14' } },
      { id: bo, email: 'bo.ek@example.com', occupancy: { unit: '12' } },
    ]);
  });

  it('moves whom another file has elsewhere, keeps who stays on after a lease, and lets go who is in it no more', async () => {
    const rolled = 'Name,E-mail,Unit,Lease From,Lease To\nAna Silva,ana@example.com,15,2024-01-01,2024-12-31\n';
    const file = await uploaded(rolled);
    expect(file).toMatchObject({ newPeople: 0, missing: 1 });
    expect(await imported(file, true)).toMatchObject({ counts: { synced: 2, held: 0 } });
    expect(await people()).toMatchObject([{ displayName: 'Ana Silva', leaseStatus: 'current', occupancy: { unit: '15' } }]);
    expect(await people('archived')).toMatchObject([{ id: bo, displayName: 'Bo Ek' }]);
    expect(await imported(await uploaded(rolled), true)).toMatchObject({ counts: { synced: 0, unchanged: 1 } });
  });
});
