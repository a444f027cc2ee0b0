import { createHmac, timingSafeEqual } from 'node:crypto';
import { idOf, isJson, listOf, textOf } from '../vendor-json.rules.js';

export interface SignedWebhook {
  readonly secret: string;
  /** buildium-webhook-timestamp */
  readonly timestamp: string;
  /** buildium-webhook-signature */
  readonly signature: string;
  readonly body: string;
}

/** An older one is a replay. Buildium repeats what was not answered, with a new timestamp. */
export const oldestWebhookMs = 5 * 60_000;

/** base64 of HMAC-SHA256 over `timestamp.body`. The joining is from an integrator's code, not from Buildium's document: pms-apis.md 3.2. */
export function isSigned({ secret, timestamp, signature, body }: SignedWebhook, now: Date): boolean {
  const at = /^\d{9,11}$/.test(timestamp)
    ? Number(timestamp) * 1000
    : /^\d{12,14}$/.test(timestamp)
      ? Number(timestamp)
      : Date.parse(timestamp);
  if (!(Math.abs(now.getTime() - at) <= oldestWebhookMs)) return false;
  const expected = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest();
  const given = Buffer.from(signature, 'base64');
  return given.length === expected.length && timingSafeEqual(given, expected);
}

export const signWebhook = (secret: string, timestamp: string, body: string): string =>
  createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('base64');

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
