/**
 * npm run bench:blast — a message to everybody of a property, from the confirmation until each mail was accepted and each row says
 * so, beside one bare nodemailer pool that sends the same mails to the same sink and notes nothing. `--count 10000`; `--profile folder`
 * writes a CPU profile of the service there.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { createMessage, getDelivery, getMessage, listDeliveries, previewMessage, propertyAdded } from '@leasewire/contracts';
import { newId } from '@leasewire/messaging';
import { mongo, temporary, trustedBroker } from './lib/broker.mjs';
import { budget, endWithBudgets, table } from './lib/figures.mjs';
import { freePort, start } from './lib/processes.mjs';
import { Peer, published } from './blast/peer.mjs';
import { people, propertyOf } from './blast/people.mjs';

const { values } = parseArgs({ options: { count: { type: 'string', default: '10000' }, profile: { type: 'string' } } });
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

/** Seconds that a process has computed; the machine may have been busy with others besides. */
function cpuOf(pid) {
  const [, rest] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
  const fields = rest.split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The pool sends what ours has sent: the same subject, HTML and text, with the same headers. */
async function bare(mail) {
  sink.tell('forget');
  const pool = await start(process.execPath, [join(here, 'bare.mjs'), String(port), String(count), mail], {
    until: /took [\d.]+/,
    keep: true,
  });
  const [, ms, cpu] = /took ([\d.]+) computing ([\d.]+)/.exec(pool.said()).map(Number);
  const { different } = await accepted();
  if (different < count) throw new Error(`The bare pool: ${different} of ${count} arrived`); // some more to warm up
  await pool.stop();
  return { ms, cpu };
}

async function ready() {
  const [database, broker] = [await mongo(), await trustedBroker()];
  const orgId = newId('org');
  const property = propertyOf(newId('prop'));
  const directory = await Peer.connect('directory', broker);
  await directory.bus.ensureStream('directory');
  directory.answer(people(property.id, count));
  const identity = await Peer.connect('identity', broker);
  await identity.bus.ensureStream('identity');
  const profiling = values.profile ? ['--cpu-prof', '--cpu-prof-dir', resolve(values.profile)] : [];
  const service = await start(process.execPath, [...profiling, join(notifications, 'dist/main.js')], {
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
  return { ask, service, property, beside: { mongod: database.pid, 'nats-server': broker.pid, sink: sink.pid } };
}

/** From the confirmation on. */
async function sent({ ask, service, property, beside }, audience, most) {
  sink.tell('forget');
  const draft = { propertyId: property.id, audience, subject: 'Water is off', body: bodyOfTwoKilobytes };
  let preview;
  await until(async () => {
    preview = await ask(previewMessage, { draft }).catch(() => undefined);
    return preview?.reach.reached === most;
  }, 'everybody is known');
  const others = Object.values(beside);
  const [started, computed, besides] = [performance.now(), cpuOf(service.pid), others.map(cpuOf)];
  const message = await ask(createMessage, { draft, token: preview.token, typed: most });
  await until(async () => (await accepted()).all >= most, 'every mail was accepted');
  const [acceptedMs, cpu] = [performance.now() - started, cpuOf(service.pid) - computed];
  const around = others.map((pid, at) => cpuOf(pid) - besides[at]);
  let done;
  await until(async () => {
    done = await ask(getMessage, { messageId: message.id });
    return done.state === 'done';
  }, 'every row says so');
  const doneMs = performance.now() - started;
  const { all, different } = await accepted();
  if (all !== most || different !== most || done.counts.sent !== most)
    throw new Error(`${all} accepted, ${different} different, ${done.counts.sent} rows sent, of ${most}`);
  return { acceptedMs, doneMs, cpu, around, message };
}

/** As both do with their first: what runs for the first time is slow. */
async function warmedUp(world) {
  const emails = Array.from({ length: 200 }, (_, n) => ({ email: `warm${n}@example.test`, name: `Warm ${n}` }));
  const { message } = await sent(world, { emails }, emails.length);
  const [first] = (await world.ask(listDeliveries, { messageId: message.id, limit: 1 })).items;
  const { rendered } = await world.ask(getDelivery, { deliveryId: first.id });
  const mail = join(temporary(), 'mail.json');
  writeFileSync(mail, JSON.stringify(rendered));
  return mail;
}

const bodyOfTwoKilobytes = `<p>Dear {{ resident.name }},</p>${'<p>water is off on Tuesday from nine to twelve in every unit.</p>'.repeat(30)}`;
const world = await ready();
const mail = await warmedUp(world);
const before = await bare(mail);
const { acceptedMs, doneMs, cpu, around } = await sent(world, { propertyIds: [world.property.id] }, count);
await world.service.stop();
const after = await bare(mail);
// before and after, for a machine that others use is not always as fast
const alone = { ms: (before.ms + after.ms) / 2, cpu: (before.cpu + after.cpu) / 2 };
const line = (name, ms, computed) => [
  name,
  (ms / 1000).toFixed(1),
  Math.round((count / ms) * 1000),
  computed === undefined ? '' : ((computed / count) * 1000).toFixed(2),
  (alone.ms / ms).toFixed(2),
];
table(
  [`${count} mails`, 'seconds', 'per second', 'ms computed by the sender for each', 'of the bare pool'],
  [
    line('one nodemailer pool, 5 connections, nothing noted', alone.ms, alone.cpu),
    line('Leasewire: every mail accepted', acceptedMs, cpu),
    line('Leasewire: and every row says so, message done', doneMs),
  ],
);
const each = Object.keys(world.beside).map((name, at) => `${name} ${((around[at] / count) * 1000).toFixed(2)}`);
console.log(`\nms computed beside for each mail: ${each.join(', ')}\n`);
budget('share of one bare nodemailer pool, every mail accepted once', alone.ms / acceptedMs, '≥', 0.5);
endWithBudgets();
