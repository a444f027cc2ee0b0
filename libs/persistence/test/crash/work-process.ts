import { setTimeout as sleep } from 'node:timers/promises';
import { silentLog, systemClock, systemIds } from '@leasewire/messaging';
import { Database, Effects, Jobs } from '../../src/index.js';
import { bankOn } from '../subjects.js';
import { mail, payEach, payOut } from './work.js';

/** A service that works on jobs and side effects until there is nothing left to do, or dies. */
const [uri = '', name = ''] = process.argv.slice(2);
const db = await Database.connect(uri, name, silentLog);
const { work, accounts } = await bankOn(db);
const settings = { db, service: 'bank', work, clock: systemClock, ids: systemIds, log: silentLog, pollMs: 20 };
const jobs = new Jobs(settings);
jobs.define(payOut, payEach(accounts));
const effects = new Effects(settings);
effects.define('mail', mail(db));
process.stdout.write('ready\n');
jobs.runner.start();
effects.start();
const open = { $or: [{ active: true }, { state: { $in: ['intended'] } }] };
while ((await db.db.collection('jobs').countDocuments(open)) + (await db.db.collection('effects').countDocuments(open)) > 0)
  await sleep(10);
await jobs.runner.stop();
await effects.stop();
await db.close();
