import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { devFolder } from './scene.js';

const root = join(devFolder, '../..');

function shares(count: number): string[][] {
  const code = `const { lintShares } = await import(${JSON.stringify(join(devFolder, 'lib/lint-shares.mjs'))});
    console.log(JSON.stringify(lintShares(${JSON.stringify(root)}, ${count})));`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', code]).toString()) as string[][];
}

describe('the linters of npm test', () => {
  it('read everything, and each project once', () => {
    const [first, second] = shares(2) as [string[], string[]];
    const projects = ['apps', 'libs', 'tools'].flatMap((folder) =>
      readdirSync(join(root, folder)).map((name) => `${folder}/${name}`),
    );
    const leftOut = first.filter((word) => word.endsWith('/')).map((word) => word.slice(0, -1));
    expect(first[0]).toBe('.');
    expect(leftOut).toEqual(second);
    expect(projects).toEqual(expect.arrayContaining(second));
    expect(second.length).toBeGreaterThan(0);
    expect(second.length).toBeLessThan(projects.length);
  });

  it('are one where there is one processor', () => expect(shares(1)).toEqual([['.']]));
});
