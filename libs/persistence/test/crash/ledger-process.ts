import { setTimeout as sleep } from 'node:timers/promises';
import { connect, handleAll } from './ledger.js';

const [uri = '', name = '', facts = '0'] = process.argv.slice(2);
const { bank, relay } = await connect(uri, name);
process.stdout.write('ready\n');
relay.start();
await handleAll(bank, Number(facts));
while ((await relay.unpublished()) > 0) await sleep(10);
await relay.stop();
await bank.db.close();
