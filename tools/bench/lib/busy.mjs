import { cpus } from 'node:os';

/** The share of all processors that neither this process nor the mongod of `db` took, from now until it is asked for. */
export async function othersAtWork(db) {
  const taken = async () => {
    const { extra_info: mongod } = await db.admin().command({ serverStatus: 1 });
    const { user, system } = process.cpuUsage();
    const times = cpus().map(({ times }) => times);
    const all = times.reduce((sum, { user, nice, sys, irq, idle }) => sum + user + nice + sys + irq + idle, 0);
    const idle = times.reduce((sum, time) => sum + time.idle, 0);
    return { all, busy: all - idle, own: (user + system + mongod.user_time_us + mongod.system_time_us) / 1000 };
  };
  const before = await taken();
  return async () => {
    const now = await taken();
    const others = now.busy - before.busy - (now.own - before.own);
    return `${Math.max(0, Math.round((100 * others) / (now.all - before.all)))} %`;
  };
}
