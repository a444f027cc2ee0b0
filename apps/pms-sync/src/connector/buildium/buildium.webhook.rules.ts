import { isSignedBody, signBody } from '@leasewire/service-kit';
import { idOf, isJson, listOf, textOf } from '../vendor-json.rules.js';

/**
 * buildium-webhook-timestamp and buildium-webhook-signature. That the two are joined by a point is from an integrator's code, not from
 * Buildium's document: pms-apis.md 3.2. Buildium repeats what was not answered, with a new timestamp.
 */
export const isSigned = isSignedBody;
export const signWebhook = signBody;

/** What may have changed. A signal: what it says is looked up, never believed. */
export interface WebhookSignal {
  readonly events: readonly string[];
  /** As `listProperties` names them; empty: not said, so any. */
  readonly properties: readonly string[];
}

export function readSignal(body: string): WebhookSignal | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch {
    return null;
  }
  const rows = isJson(parsed) && Array.isArray(parsed['Events']) ? listOf(parsed['Events']) : listOf(parsed);
  const events = rows.map((row) => textOf(row['EventName'], 100)).filter((name) => name !== null);
  const rentals = rows.flatMap((row) => idOf(row['PropertyId'] ?? row['RentalId']) ?? []).map((id) => `rental-${id}`);
  const associations = rows.flatMap((row) => idOf(row['AssociationId']) ?? []).map((id) => `association-${id}`);
  return events.length === 0 ? null : { events, properties: [...new Set([...rentals, ...associations])] };
}
