import { wayTo } from '../../src/alert/alert-way.rules.js';

describe('the way from an alert to what it is about', () => {
  it.each([
    ['a console', 'https://console.example/', '/holds/hld_1', 'https://console.example/holds/hld_1', null],
    ['none', undefined, '/holds/hld_1', 'https://app.example/docs', 'GET https://app.example/v1/holds/hld_1'],
    ['none, and no place', undefined, '/', 'https://app.example/docs', null],
  ])('with %s', (_title, console, place, link, way) => {
    expect(wayTo(place, { console, site: 'https://app.example/' })).toEqual({ link, way });
  });
});
