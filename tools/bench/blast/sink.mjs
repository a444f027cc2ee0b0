/** Takes mail and counts it, by Message-ID. */
import { createInterface } from 'node:readline';
import { SMTPServer } from 'smtp-server';

let all = 0;
let ids = new Set();
const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  onData(stream, _session, callback) {
    let head = '';
    stream.on('data', (chunk) => {
      if (head.length < 4096) head += chunk.toString('latin1');
    });
    stream.on('end', () => {
      all += 1;
      ids.add(/^Message-ID:\s*(\S+)/im.exec(head)?.[1]);
      callback(null, `2.0.0 OK: queued as ${all}`);
    });
  },
});
server.on('error', () => undefined);
server.listen(Number(process.argv[2]), '127.0.0.1', () => console.log('sink is ready'));
createInterface({ input: process.stdin }).on('line', (line) => {
  if (line === 'forget') [all, ids] = [0, new Set()];
  if (line === 'count') console.log(`accepted ${all} different ${ids.size}`);
});
