import { defineEvent } from '@leasewire/contracts';
import { defineCollection, Due, dueIndexes, tenantDoc } from '@leasewire/persistence';
import { z } from 'zod';

/** What is due, what is loaded beside it, and what is told. */
const row = tenantDoc.extend({ text: z.string(), state: z.string(), due: Due.optional() });
export const rows = defineCollection('bench_due', row, { scope: 'org', indexes: [...dueIndexes] });
export const beside = defineCollection('bench_beside', row, { scope: 'org', indexes: [] });
export const over = defineEvent('identity.bench.over', 1, z.object({ id: z.string() }), {
  describe: 'It is over.',
  view: 'service',
  example: { id: 'job_1' },
});
