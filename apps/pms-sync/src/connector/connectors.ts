import { buildium } from './buildium/buildium.connector.js';
import type { ConnectorDefinition, ConnectorName } from './connector.js';
import { csv } from './csv/csv.connector.js';
import { entrata } from './entrata/entrata.connector.js';
import { propertyiq } from './propertyiq/propertyiq.connector.js';
import { stratamax } from './stratamax/stratamax.connector.js';

/** The registry: what can be connected. A new one is a folder and a line here (docs/connectors.md). */
const registry: Readonly<Record<ConnectorName, ConnectorDefinition>> = { entrata, buildium, propertyiq, stratamax, csv };

export const connectors: readonly ConnectorDefinition[] = Object.values(registry);

export const connectorOf = (name: ConnectorName): ConnectorDefinition => registry[name];
