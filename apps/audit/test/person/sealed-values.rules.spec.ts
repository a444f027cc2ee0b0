import { randomBytes } from 'node:crypto';
import { openValues, sealValues } from '../../src/person/sealed-values.rules.js';

const key = randomBytes(32);
const values = ['Ana Reyes', { street: 'Pier 1' }, null, 7];
const sealed = sealValues({ person: 'stf_1', values }, key, 'org_1');

describe('values of a person', () => {
  it('are read with their key', () => {
    expect(openValues(sealed, key, 'org_1')).toEqual({ person: 'stf_1', values });
  });
  it('never look the same twice', () => {
    const again = sealValues({ person: 'stf_1', values }, key, 'org_1');
    expect([again.box === sealed.box, again.digest === sealed.digest]).toEqual([false, false]);
  });
  it.each<[string, Parameters<typeof openValues>]>([
    ['without the key', [sealed, null, 'org_1']],
    ['with another key', [sealed, randomBytes(32), 'org_1']],
    ['in another organization', [sealed, key, 'org_2']],
    ['as another person’s', [{ ...sealed, person: 'stf_2' }, key, 'org_1']],
    ['with another digest', [{ ...sealed, digest: 'x' }, key, 'org_1']],
    ['when the box was changed', [{ ...sealed, box: `${sealed.box.slice(0, -4)}AAAA` }, key, 'org_1']],
    ['when the box is too short', [{ ...sealed, box: 'AAAA' }, key, 'org_1']],
  ])('are not read %s', (_name, args) => {
    expect(openValues(...args).values).toBeNull();
  });
  it('are not kept of somebody erased', () => {
    expect(sealValues({ person: 'stf_1', values }, null, 'org_1')).toEqual({ person: 'stf_1', box: '', digest: '' });
  });
});
