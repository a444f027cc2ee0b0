import { z } from 'zod';
import { defineRpc } from '../define.js';
import { HoldId, PropertyId, SyncRunId } from '../ids.js';
import { Instant } from '../words.js';
import { PersonOutcome, UpstreamPerson, UpstreamUnit } from './words.js';

export const Observed = z.object({
  propertyId: PropertyId,
  runId: SyncRunId,
  fetchedAt: Instant.describe('When the PMS was asked; older than what is known is refused, person by person'),
  scope: z
    .enum(['sweep', 'targeted'])
    .describe('A targeted sync never moves anyone out for being absent, and never follows to another property'),
  present: z.array(UpstreamPerson).max(100).default([]),
  absent: z.array(z.string().max(100)).max(100).default([]).describe('Known before and not in a complete sweep'),
  confirmed: HoldId.optional().describe('A person approved these removals'),
});
export const syncBasis = defineRpc('directory.sync-basis', {
  does: 'query',
  input: z.object({ propertyId: PropertyId }),
  output: z.object({
    basis: z.string().max(100).describe('What decisions rest on beside the PMS: another one, and who was skipped may not be now'),
    again: z
      .array(z.string())
      .describe('Upstream ids of whom directory wants to be told even if nothing changed: somebody was restored'),
    livingHere: z.int().describe('Residents of the property with an occupancy now'),
  }),
  errors: ['not-found'],
  permission: 'service',
  describe: 'What a sweep has to know before it may pass over who is unchanged.',
});
export const planSync = defineRpc('directory.plan', {
  does: 'query',
  input: Observed,
  output: z.object({
    outcomes: z.array(PersonOutcome),
    livingHere: z.int().describe('Residents of the property with an occupancy now: what the brake’s share is of'),
  }),
  errors: ['not-found'],
  permission: 'service',
  describe: 'What `apply` would do, by the same code; nothing is changed.',
  timeoutMs: 10_000,
});
export const applySync = defineRpc('directory.apply', {
  does: 'command',
  input: Observed,
  output: z.object({ outcomes: z.array(PersonOutcome) }),
  errors: ['not-found'],
  permission: 'service',
  describe: 'Take over what the PMS says about up to 100 people of a property.',
  timeoutMs: 10_000,
});
export const applyUnits = defineRpc('directory.apply-units', {
  does: 'command',
  input: z.object({
    propertyId: PropertyId,
    runId: SyncRunId,
    fetchedAt: Instant,
    units: z.array(UpstreamUnit).max(500),
    absent: z.array(z.string().max(100)).max(500).default([]),
  }),
  output: z.object({ added: z.int(), renamed: z.int(), unchanged: z.int(), deletedUpstream: z.int() }),
  errors: ['not-found'],
  permission: 'service',
  describe: 'Take over what the PMS says about the units of a property.',
  timeoutMs: 10_000,
});
