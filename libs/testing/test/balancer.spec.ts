import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { Balancer, freePort, onCleanUp } from '../src/index.js';

/** Says its name, and what it was sent. */
async function echo(name: string): Promise<string> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      response.writeHead(201, { 'x-method': request.method ?? '', 'set-cookie': ['a=1', 'b=2'] });
      response.end(`${name} ${request.url} ${request.headers.host} ${body}`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanUp(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

describe('a balancer', () => {
  it('gives each request to the next, as it is, and its answer back as it is', async () => {
    const { url } = await Balancer.before([await echo('one'), await echo('two')]);
    const { host } = new URL(url);
    const seen: string[] = [];
    for (const body of ['first', 'second', 'third']) {
      const answer = await fetch(`${url}/v1/x?y=1`, { method: 'POST', body });
      expect(answer.status).toBe(201);
      expect(answer.headers.get('x-method')).toBe('POST');
      expect(answer.headers.getSetCookie()).toEqual(['a=1', 'b=2']);
      seen.push(await answer.text());
    }
    expect(seen).toEqual([`one /v1/x?y=1 ${host} first`, `two /v1/x?y=1 ${host} second`, `one /v1/x?y=1 ${host} third`]);
  });

  it('goes past one that is not there, with all that was sent; breaks off when none is', async () => {
    const nobody = `http://127.0.0.1:${await freePort()}`;
    const { url } = await Balancer.before([nobody, await echo('two')]);
    const body = 'a'.repeat(200_000);
    for (let n = 0; n < 4; n++) {
      const answer = await fetch(url, { method: 'POST', body });
      expect((await answer.text()).endsWith(` ${body}`)).toBe(true);
    }
    const alone = await Balancer.before([nobody]);
    await expect(fetch(alone.url)).rejects.toThrow();
  });
});
