/**
 * npm run bench:blast — a message to everybody of a property, from the confirmation until each mail was accepted and each row says
 * so, beside one bare nodemailer pool that sends the same mails to the same sink and notes nothing. `--count 10000`
 */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { createMessage, getMessage, previewMessage, propertyAdded } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { mongo, trustedBroker } from './lib/broker.mjs';
import { budget, endWithBudgets, table } from './lib/figures.mjs';
import { freePort, start } from './lib/processes.mjs';
import { Peer, published } from './blast/peer.mjs';
import { people, propertyOf } from './blast/people.mjs';

const { values } = parseArgs({ options: { count: { type: 'string', default: '10000' } } });
const count = Number(values.count);
const here = join(import.meta.dirname, 'blast');
const notifications = join(import.meta.dirname, '../../apps/notifications');

const port = await freePort();
const sink = await start(process.execPath, [join(here, 'sink.mjs'), String(port)], { until: /sink is ready/, keep: true });
/** How many it has accepted, and how many of them were different. */
async function accepted() {
  const before = sink.said().length;
  sink.tell('count');
  for (;;) {
    const found = /accepted (\d+) different (\d+)/.exec(sink.said().slice(before));
    if (found) return { all: Number(found[1]), different: Number(found[2]) };
    await pause(5);
  }
}
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
async function until(condition, what) {
  for (const giveUp = performance.now() + 300_000; performance.now() < giveUp; await pause(50)) if (await condition()) return;
  throw new Error(`It never came true: ${what}`);
}

async function bare() {
  sink.tell('forget');
  const pool = await start(process.execPath, [join(here, 'bare.mjs'), String(port), String(count)], {
    until: /took [\d.]+/,
    keep: true,
  });
  const ms = Number(/took ([\d.]+)/.exec(pool.said())[1]);
  const { different } = await accepted();
  if (different < count) throw new Error(`The bare pool: ${different} of ${count} arrived`); // some more to warm up
  await pool.stop();
  return ms;
}

async function ours() {
  sink.tell('forget');
  const [database, broker] = [await mongo(), await trustedBroker()];
  const orgId = newId('org');
  const property = propertyOf(newId('prop'));
  const directory = await Peer.connect('directory', broker);
  await directory.bus.ensureStream('directory');
  directory.answer(people(property.id, count));
  const identity = await Peer.connect('identity', broker);
  await identity.bus.ensureStream('identity');
  const service = await start(process.execPath, [join(notifications, 'dist/main.js')], {
    cwd: notifications,
    until: /is ready|"ready"|ready/i,
    env: {
      ...broker.envOf('notifications'),
      LEASEWIRE_LOG_LEVEL: 'info',
      LEASEWIRE_MONGODB_URI: database.uri,
      LEASEWIRE_SECRET_KEYS: `bench:${Buffer.alloc(32).toString('base64')}`,
      LEASEWIRE_SMTP_HOST: '127.0.0.1',
      LEASEWIRE_SMTP_PORT: String(port),
      LEASEWIRE_UNDO_MS: '0',
    },
  });
  await directory.bus.publish(published(propertyAdded, { orgId, subject: property.id, data: { property } }));
  const gateway = await Peer.connect('gateway', broker);
  const staff = { ref: `staff:${newId('stf')}`, orgId, permissions: 'all', properties: 'all' };
  const ask = (contract, input) => gateway.call(staff, contract, input);
  const draft = {
    propertyId: property.id,
    audience: { propertyIds: [property.id] },
    subject: 'Water is off',
    body: bodyOfTwoKilobytes,
  };
  let preview;
  await until(async () => {
    preview = await ask(previewMessage, { draft }).catch(() => undefined);
    return preview?.reach.reached === count;
  }, 'everybody is known');
  const started = performance.now();
  const message = await ask(createMessage, { draft, token: preview.token, typed: count });
  await until(async () => (await accepted()).all >= count, 'every mail was accepted');
  const acceptedMs = performance.now() - started;
  let done;
  await until(async () => {
    done = await ask(getMessage, { messageId: message.id });
    return done.state === 'done';
  }, 'every row says so');
  const doneMs = performance.now() - started;
  const { all, different } = await accepted();
  if (all !== count || different !== count || done.counts.sent !== count)
    throw new Error(`${all} accepted, ${different} different, ${done.counts.sent} rows sent, of ${count}`);
  await service.stop();
  return { acceptedMs, doneMs };
}

const bodyOfTwoKilobytes = `<p>Dear {{ resident.name }},</p>${'<p>water is off on Tuesday from nine to twelve in every unit.</p>'.repeat(30)}`;
const alone = Math.min(await bare(), await bare());
const { acceptedMs, doneMs } = await ours();
const perSecond = (ms) => Math.round((count / ms) * 1000);
table(
  [`${count} mails`, 'seconds', 'per second', 'of the bare pool'],
  [
    ['one nodemailer pool, 5 connections, nothing noted', (alone / 1000).toFixed(1), perSecond(alone), '1.00'],
    ['Leasewire: every mail accepted', (acceptedMs / 1000).toFixed(1), perSecond(acceptedMs), (alone / acceptedMs).toFixed(2)],
    [
      'Leasewire: and every row says so, message done',
      (doneMs / 1000).toFixed(1),
      perSecond(doneMs),
      (alone / doneMs).toFixed(2),
    ],
  ],
);
console.log();
budget('share of one bare nodemailer pool, every mail accepted once', alone / acceptedMs, '≥', 0.5);
endWithBudgets();
