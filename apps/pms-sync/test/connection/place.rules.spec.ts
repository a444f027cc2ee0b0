import { zoneOf } from '../../src/connection/place.rules.js';

describe('the time zone of a property, from its country and state,', () => {
  it.each([
    ['US', 'CO', 'America/Denver'],
    ['US', ' tx ', 'America/Chicago'],
    ['US', 'AZ', 'America/Phoenix'],
    ['AU', 'QLD', 'Australia/Brisbane'],
    ['AU', 'WA', 'Australia/Perth'],
    ['US', 'WA', 'America/Los_Angeles'],
    ['CA', 'BC', 'America/Vancouver'],
    ['NZ', undefined, 'Pacific/Auckland'],
  ])('%s %s', (country, region, expected) => {
    expect(zoneOf(country, region)).toBe(expected);
    expect(() => new Intl.DateTimeFormat('en', { timeZone: expected })).not.toThrow();
  });
  it.each([
    ['is in two zones', 'US', 'TN'],
    ['is not said, where the country has several', 'US', undefined],
    ['is none that we know', 'US', 'Somewhere'],
    ['is in a country that we do not know', 'FJ', 'X'],
  ])('is not known when the state %s', (_name, country, region) => {
    expect(zoneOf(country, region)).toBeNull();
  });
});
