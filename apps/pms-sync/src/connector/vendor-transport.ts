import { lookup as dnsLookup } from 'node:dns';
import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import type { LookupFunction } from 'node:net';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import type { VendorReply } from './connector.js';
import { hostOf, isAllowedHost, isPublicAddress, wrongAddress, type AddressPolicy } from './vendor-address.rules.js';
import { VendorError } from './vendor-error.js';

export interface TransportRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly what: string;
  readonly connectTimeoutMs: number;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}
/** One request, one answer; no redirects, no retries. */
export type Transport = (request: TransportRequest) => Promise<VendorReply>;

/**
 * node:https and not fetch: only here the address that was checked is the one that is connected to (a name may resolve
 * differently the second time), and connecting has a time-out of its own.
 */
export function nodeTransport(policy: AddressPolicy): Transport {
  const agents = {
    'https:': new HttpsAgent({ keepAlive: true, maxSockets: 8 }),
    'http:': new HttpAgent({ keepAlive: true, maxSockets: 8 }),
  };
  return async (request) => {
    const host = hostOf(request.url);
    const secure = request.url.protocol === 'https:';
    const options: RequestOptions = {
      method: request.method,
      headers: {
        accept: 'application/json',
        'accept-encoding': 'gzip, deflate, br',
        'user-agent': 'Leasewire',
        ...(request.body !== undefined && { 'content-length': String(Buffer.byteLength(request.body)) }),
        ...request.headers,
      },
      agent: agents[secure ? 'https:' : 'http:'],
      ...(!isAllowedHost(host, policy) && { lookup: publicOnly }),
    };
    return await new Promise<VendorReply>((resolve, reject) => {
      const outgoing = (secure ? httpsRequest : httpRequest)(request.url, options);
      const fail = (error: unknown) => {
        clearTimeout(connecting);
        clearTimeout(whole);
        outgoing.destroy();
        reject(error);
      };
      const tooSlow = (what: string) => () =>
        fail(new VendorError('timeout', `${host} did not ${what} in time (${request.what}).`));
      const connecting = setTimeout(tooSlow('accept a connection'), request.connectTimeoutMs);
      const whole = setTimeout(tooSlow('answer'), request.timeoutMs);
      outgoing.on('error', fail);
      outgoing.on('socket', (socket) => {
        if (socket.connecting) socket.once(secure ? 'secureConnect' : 'connect', () => clearTimeout(connecting));
        else clearTimeout(connecting);
      });
      outgoing.on('response', (incoming) => {
        clearTimeout(connecting);
        readText(incoming, request).then((text) => {
          clearTimeout(whole);
          resolve({ status: incoming.statusCode ?? 0, headers: headersOf(incoming), text });
        }, fail);
      });
      outgoing.end(request.body);
    });
  };
}

/** Resolves a name and refuses it when one of its addresses is not public. */
const publicOnly: LookupFunction = (hostname, options, callback) => {
  dnsLookup(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) callback(error, []);
    else if (addresses.length === 0 || !addresses.every(({ address }) => isPublicAddress(address))) {
      callback(wrongAddress(`${hostname} is not an address on the public internet.`), []);
    } else if (options.all || addresses[0] === undefined) callback(null, addresses);
    else callback(null, addresses[0].address, addresses[0].family);
  });
};

async function readText(incoming: IncomingMessage, { maxBytes, what }: TransportRequest): Promise<string> {
  const tooLarge = () =>
    new VendorError('too-large', `The answer about ${what} is larger than ${Math.round(maxBytes / 1e6)} MB.`);
  if (Number(incoming.headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const decoder = decoderOf(incoming.headers['content-encoding']);
  if (decoder) {
    incoming.on('error', (error) => decoder.destroy(error));
    incoming.pipe(decoder);
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of decoder ?? incoming) {
    const bytes: unknown = chunk;
    if (!Buffer.isBuffer(bytes)) continue;
    length += bytes.length;
    if (length > maxBytes) throw tooLarge();
    chunks.push(bytes);
  }
  if (!incoming.complete) throw new VendorError('unreachable', `The answer about ${what} was cut off.`);
  return new TextDecoder().decode(Buffer.concat(chunks));
}

function decoderOf(encoding: string | undefined) {
  if (encoding === 'gzip') return createGunzip();
  if (encoding === 'deflate') return createInflate();
  return encoding === 'br' ? createBrotliDecompress() : null;
}

function headersOf(incoming: IncomingMessage): Headers {
  const headers = new Headers();
  for (const [name, values] of Object.entries(incoming.headersDistinct)) {
    for (const value of values ?? []) headers.append(name, value);
  }
  return headers;
}
