import { list, variable, wholeNumber, type Config } from '@leasewire/service-kit';
import { z } from 'zod';

/** What this service reads from its environment beside what every service reads. */
export const pmsSyncConfig = z.object({
  LEASEWIRE_PMS_ALLOWED_HOSTS: variable(list().prefault(''), {
    describe: 'Hosts of a PMS that may be reached over http and in our own network: simulators, a PMS in the same building',
    mayBe: 'host names joined by commas',
  }),
  LEASEWIRE_PMS_FAILING_AFTER: variable(wholeNumber(1, 100).default(3), {
    describe: 'Failed runs in a row after which a connection counts as failing',
  }),
  LEASEWIRE_PMS_SWEEPS_AT_ONCE: variable(wholeNumber(1, 50).default(3), {
    describe: 'Sweeps that this process works at once; one of each connection',
  }),
  LEASEWIRE_PMS_TARGETED_AT_ONCE: variable(wholeNumber(1, 50).default(6), {
    describe: 'Syncs of chosen people that this process works at once, beside the sweeps',
  }),
  LEASEWIRE_PMS_RUN_LEASE_MS: variable(wholeNumber(1_000, 300_000).default(15_000), {
    describe: 'How long a run is left alone whose process says nothing; then another takes it up',
  }),
  LEASEWIRE_PMS_IMPORT_DAYS: variable(wholeNumber(1, 90).default(7), {
    describe: 'Days after which what was uploaded as a CSV file is deleted',
  }),
  LEASEWIRE_PMS_HOLD_DAYS: variable(wholeNumber(1, 90).default(14), { describe: 'Days after which a hold expires' }),
});
export type PmsSyncConfig = Config<typeof pmsSyncConfig>;
