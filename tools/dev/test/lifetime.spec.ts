import { spawn } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Running, Scene, devFolder, isRunning, until } from './scene.js';

let scene: Scene;
beforeEach(async () => {
  scene = await Scene.make();
});
afterEach(() => scene.close());

const nobodyLeft = (pids: readonly number[]) => until(`all of ${pids.join(', ')} are gone`, () => !pids.some(isRunning));

describe('a service that ends', () => {
  it.each(['0', '1'])('with code %s is started again, and the endpoints tell its new process', async (code) => {
    const start = await scene.ready();
    const before = scene.endpoints.services.audit;
    await fetch(`${before?.url ?? ''}/exit?code=${code}`).catch(() => undefined);
    await start.says(new RegExp(`audit ended with code ${code} after .* s; starting it again in 0.25 s`));
    const after = await until('it runs again', () => {
      const pid = scene.endpoints.services.audit?.pid;
      return pid != null && pid !== before?.pid && isRunning(pid) && pid;
    });
    expect(after).not.toBe(before?.pid);
  });

  it('again and again waits longer each time', async () => {
    const start = await scene.ready();
    for (const wait of ['0.25', '0.5', '1']) {
      const pid = await until('it runs', () => {
        const now = scene.endpoints.services.audit?.pid;
        return now != null && isRunning(now) && now;
      });
      process.kill(pid, 'SIGKILL');
      await start.says(new RegExp(`audit was killed \\(SIGKILL\\) after .* s; starting it again in ${wait} s`));
    }
  });

  it('and whose port was taken meanwhile gets another one', async () => {
    await scene.ready();
    const { url = '', pid } = scene.endpoints.services.audit ?? {};
    if (pid == null) throw new Error('audit does not run');
    const squatter = new Running(
      spawn(process.execPath, [
        '-e',
        `process.kill(${String(pid)}, 'SIGKILL'); const take = () => require('net').createServer().on('error', take).listen(${new URL(url).port}, '127.0.0.1', () => console.log('taken')); take()`,
      ]),
    );
    await squatter.says('taken');
    await until('it runs elsewhere', () => {
      const now = scene.endpoints.services.audit;
      return now?.pid != null && now.url !== url;
    });
    await squatter.stop('SIGKILL');
  });
});

describe('npm start leaves nothing behind', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('after %s', async (signal) => {
    const start = await scene.ready();
    const { pids } = scene;
    const { code, output } = await start.stop(signal);
    expect(output).toContain('Everything is stopped.');
    expect(code).toBe(0);
    expect(pids.filter(isRunning)).toEqual([]);
    expect(scene.hasEndpoints).toBe(false);
    expect(existsSync(join(scene.home, 'instance.lock'))).toBe(false);
  });

  it('after kill -9', async () => {
    const start = await scene.ready();
    const { pids } = scene;
    await start.stop('SIGKILL');
    await nobodyLeft(pids);
    await until('the files are gone', () => !scene.hasEndpoints && !existsSync(join(scene.home, 'instance.lock')));
  });

  it('after a second Ctrl-C, when a service does not listen to the first', async () => {
    const start = await scene.ready([], { FAKE_IGNORES_SIGTERM: 'identity' });
    const { pids } = scene;
    start.child.kill('SIGINT');
    await start.says('SIGTERM is ignored');
    await until('the second one counts', () => {
      start.child.kill('SIGINT');
      return start.child.exitCode !== null;
    });
    await nobodyLeft(pids);
  });

  it('when npm, which started it, was killed with -9', async () => {
    const script = join(devFolder, 'start.mjs');
    const npm = scene.run(
      ['-e', `require('child_process').spawn(process.execPath, [${JSON.stringify(script)}], {stdio: 'inherit'})`],
      {
        npm_lifecycle_event: 'start',
      },
    );
    await npm.says('Leasewire is ready', 20_000);
    const { pids } = scene;
    npm.child.kill('SIGKILL');
    await nobodyLeft(pids);
  });

  it('when its watchman was killed first', async () => {
    const start = await scene.ready();
    const { pids } = scene;
    const reapers = () =>
      readFileSync(`/proc/${String(start.pid)}/task/${String(start.pid)}/children`, 'utf8')
        .trim()
        .split(' ')
        .map(Number)
        .filter((pid) => !pids.includes(pid));
    const [first = 0] = reapers();
    process.kill(first, 'SIGKILL');
    await until('there is another', () => reapers().some((pid) => pid !== first));
    await start.stop('SIGKILL');
    await nobodyLeft(pids);
  });

  it('for long, even when all of it was killed with -9: the next start clears up', async () => {
    const start = await scene.ready();
    const { pids } = scene;
    const children = readFileSync(`/proc/${String(start.pid)}/task/${String(start.pid)}/children`, 'utf8')
      .trim()
      .split(' ')
      .map(Number);
    process.kill(start.pid, 'SIGSTOP'); // so that it cannot put another watchman in place
    for (const pid of children.filter((pid) => !pids.includes(pid))) process.kill(pid, 'SIGKILL');
    process.kill(start.pid, 'SIGKILL');
    await start.ended;
    expect(pids.every(isRunning)).toBe(true);
    const next = await scene.ready();
    expect(next.output).toContain('3 processes of an earlier run that was killed were still there; they were stopped.');
    expect(pids.some(isRunning)).toBe(false);
  });
});

describe('a lock file', () => {
  const lockOf = (holder: object) => {
    writeFileSync(join(scene.home, 'instance.lock'), JSON.stringify(holder));
  };

  it('of a process that is gone is taken over', async () => {
    await (await scene.ready()).stop();
    lockOf({ pid: 4_194_000, birth: '1' });
    await scene.ready();
  });

  it('whose process id was given to another program is taken over', async () => {
    await (await scene.ready()).stop();
    lockOf({ pid: process.pid, birth: '1' });
    await scene.ready();
  });

  it('that is no JSON is taken over', async () => {
    await (await scene.ready()).stop();
    writeFileSync(join(scene.home, 'instance.lock'), '{"pid":');
    await scene.ready();
  });

  it('goes to exactly one of many that start at once', async () => {
    const starts = Array.from({ length: 5 }, () => scene.start());
    const refused = await until('all but one gave up', () => {
      const ended = starts.filter(({ child }) => child.exitCode !== null);
      return ended.length === 4 && ended;
    });
    for (const { output } of refused) expect(output).toContain('already runs');
    const winner = starts.find(({ child }) => child.exitCode === null);
    await winner?.says('Leasewire is ready');
  });
});
