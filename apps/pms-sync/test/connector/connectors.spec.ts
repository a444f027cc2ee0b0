import { connectors } from '../../src/connector/connectors.js';
import { connectorConformance } from './conformance.js';
import { smallWorlds } from './small-worlds.js';

for (const [name, world] of smallWorlds) connectorConformance(name, world);

describe('the registry', () => {
  it('has every platform once, and says which of them nothing of the vendor’s own speaks for', () => {
    expect(Object.fromEntries(connectors.map(({ name, verified }) => [name, verified]))).toEqual({
      entrata: false,
      buildium: true,
      propertyiq: false,
      stratamax: false,
      csv: true,
    });
  });
});
