import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

const block = 512;

/**
 * The bytes of one member of a .tgz. Knows only what the vendors' archives have: plain files and folders with short names.
 * @param {string} archive
 * @param {string} suffix how the member's name ends
 */
async function* memberOf(archive, suffix) {
  const source = createReadStream(archive);
  const tar = createGunzip();
  source.on('error', (error) => tar.destroy(error)).pipe(tar);
  let pending = Buffer.alloc(0);
  let left = 0; // bytes of the current member still to come
  let padding = 0; // after which the next header begins
  let wanted = false;
  try {
    for await (const chunk of tar) {
      pending = Buffer.concat([pending, chunk]);
      while (pending.length > 0) {
        if (left > 0) {
          const part = pending.subarray(0, left);
          pending = pending.subarray(part.length);
          left -= part.length;
          if (wanted) yield part;
          if (wanted && left === 0) return;
          continue;
        }
        if (pending.length < padding + block) break;
        const header = pending.subarray(padding, padding + block);
        pending = pending.subarray(padding + block);
        left = Number.parseInt(header.toString('latin1', 124, 136), 8) || 0;
        padding = (block - (left % block)) % block;
        wanted = left > 0 && header.toString('latin1', 0, 100).replace(/\0.*$/s, '').endsWith(suffix);
      }
    }
  } finally {
    source.destroy();
  }
  throw new Error(`the archive has no complete ${suffix}`);
}

/**
 * Unpacks one member of a .tgz.
 * @param {string} archive
 * @param {string} suffix
 * @param {string} target
 */
export async function untarMember(archive, suffix, target) {
  await pipeline(memberOf(archive, suffix), createWriteStream(target, { mode: 0o755 }));
}
