// The PMS of the bench, a process of its own: one Entrata property with so many people.
import { startSimulators } from '@leasewire/simulators';

const wanted = Number(process.env.BENCH_PEOPLE);
// of the two Entrata properties of the world the first has 40 of 52 parts
const simulators = await startSimulators({ seed: 1, residents: Math.round((wanted * 52) / 40), vendors: ['entrata'] });
const { url, subdomain, apiKey } = simulators.entrata;
const firstProperty = simulators.world().propertiesOf('entrata')[0].id;
console.log(`vendor is ready ${JSON.stringify({ url, subdomain, apiKey, firstProperty })}`);
