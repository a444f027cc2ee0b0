// Loaded into a service by `--import`: SIGUSR2 begins a CPU profile, the next one writes it into the folder of BENCH_PROFILE. So a profile
// holds what is measured, and neither the start nor the first import.
import { writeFileSync } from 'node:fs';
import { Session } from 'node:inspector/promises';
import { join } from 'node:path';

const session = new Session();
session.connect();
await session.post('Profiler.enable');
await session.post('Profiler.setSamplingInterval', { interval: 500 });
let profiling = false;
process.on('SIGUSR2', async () => {
  profiling = !profiling;
  if (profiling) return session.post('Profiler.start');
  const { profile } = await session.post('Profiler.stop');
  writeFileSync(join(process.env.BENCH_PROFILE, `${process.pid}.${Date.now()}.cpuprofile`), JSON.stringify(profile));
});
