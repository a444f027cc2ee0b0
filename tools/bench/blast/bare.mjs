/** One nodemailer pool as its documentation has it, with what is known to make it fast: no end of messages per connection. */
import { readFileSync } from 'node:fs';
import { createTransport } from 'nodemailer';

const [port, count] = process.argv.slice(2, 4).map(Number);
const { subject, html, text } = JSON.parse(readFileSync(process.argv[4], 'utf8'));
const pool = createTransport({ host: '127.0.0.1', port, pool: true, maxConnections: 5, maxMessages: Infinity, ignoreTLS: true });
const unsubscribe = `https://bench.test/u/${'x'.repeat(90)}`;
const send = (n) =>
  pool.sendMail({
    messageId: `<${n}@bench.test>`,
    from: { name: 'Harbour House', address: 'no-reply@bench.test' },
    to: { name: `Ana ${n}`, address: `ana${n}@example.test` },
    subject,
    text,
    html,
    headers: {
      'Auto-Submitted': 'auto-generated',
      'X-Auto-Response-Suppress': 'OOF, AutoReply',
      'List-Unsubscribe': { prepared: true, value: `<${unsubscribe}>` },
      'List-Unsubscribe-Post': { prepared: true, value: 'List-Unsubscribe=One-Click' },
    },
  });
for (let n = 0; n < 50; n++) await send(`warm-${n}`);
const started = performance.now();
const computed = process.cpuUsage();
let next = 0;
await Promise.all(
  Array.from({ length: 50 }, async () => {
    while (next < count) await send(next++);
  }),
);
const { user, system } = process.cpuUsage(computed);
console.log(`took ${performance.now() - started} computing ${(user + system) / 1e6}`);
setInterval(() => undefined, 1000);
