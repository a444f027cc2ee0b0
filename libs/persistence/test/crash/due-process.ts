import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog } from '@leasewire/messaging';
import { Database } from '../../src/index.js';
import { bankOn } from '../subjects.js';
import { payingClaimer, stillDue } from './due.js';

/** A replica that pays until nobody is due, or dies. */
const [uri = '', name = ''] = process.argv.slice(2);
const bank = await bankOn(await Database.connect(uri, name, silentLog));
const claimer = payingClaimer(bank);
process.stdout.write('ready\n');
claimer.start();
while ((await stillDue(bank)) > 0) await sleep(10);
await claimer.stop();
await bank.db.close();
