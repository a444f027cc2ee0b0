import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/**
 * What each of several linters is told to read: together everything, each file once. Whole projects stay together, because the
 * types of what a project imports are worked out by each linter for itself. The first one has what belongs to no project, too.
 * @param {string} root
 * @param {number} count
 * @returns {string[][]} arguments of eslint
 */
export function lintShares(root, count) {
  const projects = ['apps', 'libs', 'tools']
    .flatMap((folder) => readdirSync(join(root, folder)).map((name) => `${folder}/${name}`))
    .filter((path) => statSync(join(root, path)).isDirectory())
    .map((path) => ({ path, bytes: sourcesIn(join(root, path)) }))
    .sort((a, b) => b.bytes - a.bytes || a.path.localeCompare(b.path));
  const shares = Array.from({ length: count }, () => /** @type {{ bytes: number, paths: string[] }} */ ({ bytes: 0, paths: [] }));
  for (const { path, bytes } of projects) {
    const least = shares.reduce((a, b) => (b.bytes < a.bytes ? b : a));
    least.bytes += bytes;
    least.paths.push(path);
  }
  return shares.map(({ paths }, at) => {
    if (at > 0) return paths;
    const others = shares.slice(1).flatMap((share) => share.paths);
    return ['.', ...others.flatMap((path) => ['--ignore-pattern', `${path}/`])];
  });
}

/**
 * @param {string} folder
 * @returns {number} bytes
 */
function sourcesIn(folder) {
  return readdirSync(folder, { withFileTypes: true }).reduce((sum, entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return ['node_modules', 'dist'].includes(entry.name) ? sum : sum + sourcesIn(path);
    return entry.name.endsWith('.ts') ? sum + statSync(path).size : sum;
  }, 0);
}
