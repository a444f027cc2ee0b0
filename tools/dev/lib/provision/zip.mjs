import { createReadStream, createWriteStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

const endOfDirectory = 0x06054b50;
const directoryEntry = 0x02014b50;

/**
 * @param {import('node:fs/promises').FileHandle} handle
 * @param {number} position
 * @param {number} length
 */
async function readAt(handle, position, length) {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await handle.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}

/**
 * Finds the member in the directory at the end of the archive. Wheels are plain zip files below 4 GB: no zip64, no encryption.
 * @param {import('node:fs/promises').FileHandle} handle
 * @param {string} suffix
 */
async function findMember(handle, suffix) {
  const { size } = await handle.stat();
  const tail = await readAt(handle, Math.max(0, size - 65_557), Math.min(size, 65_557));
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== endOfDirectory) at -= 1;
  if (at < 0) throw new Error('the download is not a complete zip file');
  const directory = await readAt(handle, tail.readUInt32LE(at + 16), tail.readUInt32LE(at + 12));
  for (let entry = 0; entry + 46 <= directory.length && directory.readUInt32LE(entry) === directoryEntry;) {
    const nameLength = directory.readUInt16LE(entry + 28);
    const name = directory.toString('utf8', entry + 46, entry + 46 + nameLength);
    if (name.endsWith(suffix)) {
      return {
        deflated: directory.readUInt16LE(entry + 10) === 8,
        packedSize: directory.readUInt32LE(entry + 20),
        headerAt: directory.readUInt32LE(entry + 42),
      };
    }
    entry += 46 + nameLength + directory.readUInt16LE(entry + 30) + directory.readUInt16LE(entry + 32);
  }
  throw new Error(`the archive has no ${suffix}`);
}

/**
 * Unpacks one member of a zip file.
 * @param {string} archive
 * @param {string} suffix how the member's name ends
 * @param {string} target
 */
export async function unzipMember(archive, suffix, target) {
  const handle = await open(archive);
  try {
    const { deflated, packedSize, headerAt } = await findMember(handle, suffix);
    const header = await readAt(handle, headerAt, 30);
    const start = headerAt + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    const packed = createReadStream(archive, { start, end: start + packedSize - 1 });
    const out = createWriteStream(target, { mode: 0o755 });
    await (deflated ? pipeline(packed, createInflateRaw(), out) : pipeline(packed, out));
  } finally {
    await handle.close();
  }
}
