/** One nodemailer pool as its documentation has it, with what is known to make it fast: no end of messages per connection. */
import { createTransport } from 'nodemailer';

const [port, count] = process.argv.slice(2).map(Number);
const pool = createTransport({ host: '127.0.0.1', port, pool: true, maxConnections: 5, maxMessages: Infinity, ignoreTLS: true });
const text = 'water is off on Tuesday from nine to twelve in every unit.\n\n'.repeat(30);
const html = `<html><body><p>Dear resident,</p>${'<p>water is off on Tuesday from nine to twelve in every unit.</p>'.repeat(30)}</body></html>`;
const send = (n) =>
  pool.sendMail({
    messageId: `<${n}@bench.test>`,
    from: { name: 'Harbour House', address: 'no-reply@bench.test' },
    to: { name: `Ana ${n}`, address: `ana${n}@example.test` },
    subject: 'Water is off',
    text,
    html,
  });
for (let n = 0; n < 50; n++) await send(`warm-${n}`);
process.stdout.write('');
const started = performance.now();
let next = 0;
await Promise.all(
  Array.from({ length: 50 }, async () => {
    while (next < count) await send(next++);
  }),
);
console.log(`took ${performance.now() - started}`);
setInterval(() => undefined, 1000);
