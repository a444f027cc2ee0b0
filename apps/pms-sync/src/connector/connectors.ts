import { DomainError } from '@leasewire/contracts';
import type { ConnectorDefinition, ConnectorName } from './connector.js';
import { entrata } from './entrata/entrata.connector.js';

/** The registry: what can be connected. A new one is a folder and a line here (docs/connectors.md). */
export const connectors: readonly ConnectorDefinition[] = [entrata];

export function connectorOf(name: ConnectorName): ConnectorDefinition {
  const found = connectors.find((connector) => connector.name === name);
  if (!found) throw new DomainError('not-found', `There is no platform ${name}.`);
  return found;
}
