import { Problem } from './problem.mjs';

export const usage = `Starts Leasewire: MongoDB, NATS and every service, each as its own process.

  npm start                            start everything; Ctrl-C stops everything
  npm start -- --fresh                 begin with empty data
  npm start -- --only gateway,identity start only these services
  npm start -- --help                  this text

Environment
  LEASEWIRE_PORT         where the gateway listens (3000; 0 = any free port)
  LEASEWIRE_HOME         data, keys, logs and endpoints.json (.leasewire/ in the repository)
  LEASEWIRE_CACHE        downloaded servers (~/.cache/leasewire/bin)
  LEASEWIRE_REPLICAS     how many of each service (1)
  LEASEWIRE_MONGODB_URI  use this MongoDB (6 or newer, a replica set) instead of starting one
  LEASEWIRE_NATS_URL     use this NATS (2.11 or newer, JetStream) instead of starting one
  LEASEWIRE_LOG_LEVEL    how much the services say (info)
  LEASEWIRE_LOG_FORMAT   pretty or json (pretty)
  LEASEWIRE_MIN_FREE_MB  refuse to start with less free disk (1024)`;

/**
 * @typedef {{ fresh: boolean, help: boolean, only: string[] | undefined }} StartArguments
 */

/**
 * @param {readonly string[]} args
 * @returns {StartArguments}
 */
export function parseStartArguments(args) {
  /** @type {StartArguments} */
  const parsed = { fresh: false, help: false, only: undefined };
  for (let index = 0; index < args.length; index += 1) {
    const arg = args[index] ?? '';
    const [name, inline] = arg.split(/=(.*)/s, 2);
    if (arg === '--fresh') parsed.fresh = true;
    else if (arg === '--help' || arg === '-h') parsed.help = true;
    else if (name === '--only') {
      const list = inline ?? args[(index += 1)];
      if (!list || list.startsWith('-'))
        throw new Problem('--only needs names of services, for example: npm start -- --only gateway,identity');
      parsed.only = [
        ...(parsed.only ?? []),
        ...list
          .split(',')
          .map((entry) => entry.trim())
          .filter(Boolean),
      ];
    } else
      throw new Problem(
        `Unknown argument "${arg}". There are --fresh, --only <services> and --help (npm start -- --help says more).`,
      );
  }
  return parsed;
}
