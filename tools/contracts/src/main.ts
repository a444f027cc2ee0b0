import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { registry } from '@leasewire/contracts';
import { documents } from './documents.js';
import { plan, type Plan } from './plan.js';

/**
 * `npm run contracts` writes docs/contracts from the registry; `-- --check` only says what is out of date. A change that
 * breaks a frozen contract is refused either way; `-- --refreeze <name>` is for one that nobody has used yet.
 */
const root = join(dirname(fileURLToPath(import.meta.url)), '../../..');
const folder = join(root, 'docs/contracts');

async function main(args: readonly string[]): Promise<number> {
  const check = args.includes('--check');
  const refreeze = args.flatMap((arg, at) => (args[at - 1] === '--refreeze' ? [arg] : []));
  if (args.includes('--refreeze') && refreeze.length === 0) {
    console.error('Say which: npm run contracts -- --refreeze identity.staff.invited.v1 (or “all”)');
    return 64;
  }
  const now = plan(documents(registry, await readSnippets()), await readFolder(), refreeze);
  for (const { name, problems, advice } of now.broken) {
    console.error(`${name} would break those who rely on it:`);
    for (const problem of problems) console.error(`  ${problem}`);
    console.error(`  → ${advice}`);
  }
  if (now.broken.length > 1)
    console.error(
      `All of them, if nobody has used any yet:\n  npm run contracts -- ${now.broken.map(({ name }) => `--refreeze ${name}`).join(' ')}`,
    );
  if (now.broken.length > 0) return 1;
  if (check) return report(now);
  for (const [path, content] of now.write) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  for (const path of now.remove) await rm(join(folder, path));
  console.log(
    `docs/contracts: ${String(now.write.size)} written, ${String(now.remove.length)} removed, ${String(now.same)} unchanged`,
  );
  return 0;
}

function report({ write, remove }: Plan): number {
  const stale = [...write.keys(), ...remove];
  for (const path of stale) console.error(`docs/contracts/${path} is out of date`);
  if (stale.length > 0) console.error('→ npm run contracts, and commit what it writes');
  return stale.length > 0 ? 1 : 0;
}

async function readSnippets(): Promise<Record<string, string>> {
  const names = ['read-feed.mjs', 'subscribe.mjs'];
  const files = await Promise.all(names.map((name) => readFile(join(root, 'tools/contracts/examples', name), 'utf8')));
  return Object.fromEntries(names.map((name, at) => [name, files[at] ?? '']));
}

async function readFolder(): Promise<Map<string, string>> {
  await mkdir(folder, { recursive: true });
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(paths.map(async (path) => [relative(folder, path), await readFile(path, 'utf8')] as const)));
}

process.exitCode = await main(process.argv.slice(2));
