import { createServer, type AddressInfo, type Socket } from 'node:net';
import { onCleanUp } from '@leasewire/testing';
import { SmtpPool } from '../../src/email/smtp-pool.js';

/** What a server does when it hears this: a reply; “hang up”, or “silence”, and it does that. */
type Answer = (heard: string, connection: number) => string;
const usual = (heard: string): string => {
  if (heard.startsWith('EHLO')) return '250-mail.test\r\n250 PIPELINING';
  if (heard === 'DATA') return '354 go on';
  return '250 2.0.0 fine';
};

/** A mail server of which every word can be chosen; says what it heard on which connection. */
async function mailServer(answer: Answer) {
  const heard: string[] = [];
  let connections = 0;
  const talk = (socket: Socket): void => {
    const nth = ++connections;
    let isContent = false;
    let rest = '';
    const say = (line: string): void => {
      heard.push(`${nth} ${line}`);
      const reply = answer(line, nth);
      if (reply === 'hang up') socket.destroy();
      else if (reply !== 'silence') socket.write(`${reply}\r\n`);
      isContent = reply.startsWith('354');
    };
    socket.on('error', () => undefined);
    socket.on('data', (chunk) => {
      rest += chunk.toString();
      for (;;) {
        if (isContent && rest.startsWith('.\r\n')) {
          rest = rest.slice(3);
          say('no content');
          continue;
        }
        const end = isContent ? rest.indexOf('\r\n.\r\n') : rest.indexOf('\r\n');
        if (end < 0) return;
        const line = isContent ? 'content' : rest.slice(0, end);
        rest = rest.slice(end + (isContent ? 5 : 2));
        say(line);
      }
    });
    socket.write('220 mail.test\r\n');
  };
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    talk(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanUp(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('It listens to no port');
  return { port: (address satisfies AddressInfo).port, heard, connections: () => connections };
}

function poolTo(port: number, most: number): SmtpPool {
  const pool = new SmtpPool({ host: '127.0.0.1', port, connectionTimeout: 5000, socketTimeout: 5000 }, undefined, most);
  onCleanUp(() => {
    pool.close();
    return Promise.resolve();
  });
  return pool;
}
const letter = (to: string) => ({
  envelope: { from: 'bounce@living.test', to },
  content: 'Subject: x\r\n\r\nx\r\n',
});
const inTime = () => new AbortController().signal;

describe('connections to a mail server', () => {
  it('are kept for the next mail, and no more are opened than allowed', async () => {
    const server = await mailServer(usual);
    const pool = poolTo(server.port, 2);
    const signal = inTime();
    const posted = await Promise.all(Array.from({ length: 20 }, (_, n) => pool.post(letter(`p${n}@example.test`), signal)));
    expect(posted.every(({ ok }) => ok)).toBe(true);
    expect(server.connections()).toBe(2);
    expect(new Set(server.heard.filter((line) => line.includes('RCPT'))).size).toBe(20);
  });

  it('that the server has ended since the mail before are replaced, and the mail goes out once', async () => {
    let mails = 0;
    const server = await mailServer((heard) => (heard.startsWith('MAIL') && ++mails === 2 ? 'hang up' : usual(heard)));
    const pool = poolTo(server.port, 1);
    expect(await pool.post(letter('a@example.test'), inTime())).toMatchObject({ ok: true });
    expect(await pool.post(letter('b@example.test'), inTime())).toMatchObject({ ok: true });
    expect(server.connections()).toBe(2);
    expect(server.heard.filter((line) => line.endsWith('content'))).toEqual(['1 content', '2 content']);
  });

  it('that end after the content do not take it again: nobody knows whether it was taken', async () => {
    const server = await mailServer((heard) => (heard === 'content' ? 'hang up' : usual(heard)));
    const pool = poolTo(server.port, 1);
    expect(await pool.post(letter('a@example.test'), inTime())).toMatchObject({ ok: false, contentBegan: true });
    expect(server.heard.filter((line) => line.endsWith('content'))).toEqual(['1 content']);
  });

  it('are fit for others when one mail is refused', async () => {
    let isRefused = false;
    const server = await mailServer((heard) => {
      if (heard === 'DATA' && isRefused) return '503 5.5.1 to nobody?';
      if (heard.startsWith('RCPT')) isRefused = heard.includes('nobody@');
      return heard.startsWith('RCPT') && isRefused ? '550 5.1.1 who?' : usual(heard);
    });
    const pool = poolTo(server.port, 1);
    expect(await pool.post(letter('a@example.test'), inTime())).toMatchObject({ ok: true });
    const refused = await pool.post(letter('nobody@example.test'), inTime());
    expect(refused).toMatchObject({ ok: false, contentBegan: false, error: { responseCode: 550 } });
    expect(await pool.post(letter('b@example.test'), inTime())).toMatchObject({ ok: true });
    expect(server.connections()).toBe(1);
  });

  it('are asked one after the other where the server wants it so', async () => {
    const server = await mailServer((heard) => (heard.startsWith('EHLO') ? '250 mail.test' : usual(heard)));
    const pool = poolTo(server.port, 1);
    expect(await pool.post(letter('a@example.test'), inTime())).toMatchObject({ ok: true, reply: '250 2.0.0 fine' });
    expect(await pool.post(letter('b@example.test'), inTime())).toMatchObject({ ok: true });
    expect(server.connections()).toBe(1);
  });

  it('give no content to a server that asks for it though it refused the recipient', async () => {
    const server = await mailServer((heard) => (heard.includes('nobody@') ? '550 5.1.1 who?' : usual(heard)));
    const pool = poolTo(server.port, 1);
    const refused = await pool.post(letter('nobody@example.test'), inTime());
    expect(refused).toMatchObject({ ok: false, contentBegan: false, error: { responseCode: 550, command: 'RCPT TO' } });
    expect(await pool.post(letter('a@example.test'), inTime())).toMatchObject({ ok: true });
    expect(server.heard.filter((line) => line.endsWith('content'))).toEqual(['1 no content', '1 content']);
  });

  it.each([
    ['before the content', 'MAIL', { responseCode: 421 }],
    ['with what is no reply', 'RCPT', { code: 'EPROTOCOL' }],
  ])('that the server ends %s are replaced', async (_name, at, error) => {
    const ends = at === 'MAIL' ? '421 4.3.2 going down' : 'what?';
    const server = await mailServer((heard, nth) => (nth === 1 && heard.startsWith(at) ? ends : usual(heard)));
    const pool = poolTo(server.port, 1);
    expect(await pool.post(letter('a@example.test'), inTime())).toMatchObject({ ok: false, contentBegan: false, error });
    expect(await pool.post(letter('b@example.test'), inTime())).toMatchObject({ ok: true });
    expect(server.connections()).toBe(2);
  });

  it('are given up with what they carry when time is over, and what waits was never begun', async () => {
    const server = await mailServer((heard) => (heard === 'content' ? 'silence' : usual(heard)));
    const pool = poolTo(server.port, 1);
    const over = new AbortController();
    const [first, second] = [pool.post(letter('a@example.test'), over.signal), pool.post(letter('b@example.test'), over.signal)];
    while (!server.heard.includes('1 content')) await new Promise((resolve) => setTimeout(resolve, 5));
    over.abort();
    expect(await first).toMatchObject({ ok: false, contentBegan: true });
    expect(await second).toMatchObject({ ok: false, contentBegan: false });
    expect(server.heard.join()).not.toContain('b@example.test');
  });

  it('that nobody answers fail at once, with what was said', async () => {
    const server = await mailServer((heard) => (heard.startsWith('EHLO') ? '421 4.7.0 busy' : usual(heard)));
    const posted = await poolTo(server.port, 1).post(letter('a@example.test'), inTime());
    expect(posted).toMatchObject({ ok: false, contentBegan: false });
  });
});
