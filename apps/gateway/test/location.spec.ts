import { locationFrom } from '../src/routing/location.js';

describe('the address of what was made', () => {
  it.each([
    ['/v1/staff/{id}', { id: 'stf_1', name: 'x' }, '/v1/staff/stf_1'],
    ['/v1/staff/{id}', { name: 'x', id: 'stf_1' }, '/v1/staff/stf_1'],
    ['/v1/staff/{id}', { id: 'a/b "c"' }, '/v1/staff/a%2Fb%20%22c%22'],
    ['/v1/staff/{id}', { id: 'x'.repeat(300) }, `/v1/staff/${'x'.repeat(300)}`],
    ['/v1/{kind}/{id}', { id: 'i', kind: 'k' }, '/v1/k/i'],
    ['/v1/staff/{id}', { id: 7 }, '/v1/staff/'],
    ['/v1/staff/{id}', null, '/v1/staff/'],
    ['/v1/me', { id: 'x' }, '/v1/me'],
  ])('%s of %j is %s', (template, reply, location) => {
    expect(locationFrom(template)(Buffer.from(JSON.stringify(reply)))).toBe(location);
  });
  it('is read from a view of a larger buffer', () => {
    const large = Buffer.from('junk{"id":"a"}junk');
    expect(locationFrom('/{id}')(large.subarray(4, 14))).toBe('/a');
  });
});
