import { createServer } from 'node:http';

export interface Heard {
  readonly url: string;
  readonly params: Record<string, string>;
  readonly signature: string;
}

export type HookListener = Awaited<ReturnType<typeof hookListener>>;

/** Where webhooks are posted in a test. */
export async function hookListener() {
  const heard: Heard[] = [];
  const waiting = new Set<() => void>();
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      heard.push({
        url: `${url}${request.url ?? ''}`,
        params: Object.fromEntries(new URLSearchParams(Buffer.concat(parts).toString('utf8'))),
        signature: String(request.headers['x-twilio-signature']),
      });
      response.writeHead(204).end();
      for (const look of waiting) look();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`;
  return {
    url,
    heard,
    async wait(count: number): Promise<Heard[]> {
      while (heard.length < count)
        await new Promise<void>((resolve) => {
          const look = () => {
            waiting.delete(look);
            resolve();
          };
          waiting.add(look);
        });
      return heard;
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
