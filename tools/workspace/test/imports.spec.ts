import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join } from 'node:path';
import { cyclesIn, importGraph, packageOf, projectOf, root } from './import-graph.js';

const graph = importGraph();

describe('imports', () => {
  it('are followed to the sources of our own packages', () => {
    const way = graph.get('libs/contracts/test/registry.spec.ts')?.map(({ file }) => file);
    expect(way).toContain('libs/contracts/src/index.ts');
    const across = graph.get('libs/messaging/src/call.ts')?.find(({ specifier }) => specifier === '@leasewire/contracts');
    expect(across?.file).toBe('libs/contracts/src/index.ts');
  });

  it('go round in no circle, file by file (what only the compiler follows may)', () => {
    const files = new Map(
      [...graph].map(([file, imports]) => [
        file,
        imports.flatMap(({ file: to, typeOnly }) => (to === undefined || typeOnly ? [] : [to])),
      ]),
    );
    expect(cyclesIn(files).map((cycle) => cycle.join(' → '))).toEqual([]);
  });

  it('of projects make no circle either: nx and tsc build one after the other', () => {
    const projects = new Map(workspaces().map((project) => [read(project).name, project]));
    const edges = [...projects].map(([name, project]) => {
      const { dependencies, devDependencies } = read(project);
      return [name, Object.keys({ ...dependencies, ...devDependencies }).filter((other) => projects.has(other))] as const;
    });
    expect(cyclesIn(new Map(edges))).toEqual([]);
  });

  it('of a project go to packages that it names itself: a container has nothing else', () => {
    const missing = new Set<string>();
    for (const [file, imports] of graph) {
      const project = projectOf(file);
      const named = dependenciesOf(project, file.startsWith(`${project}/src/`));
      for (const { specifier } of imports) {
        const used = packageOf(specifier);
        if (used === undefined || builtinModules.includes(used) || named.has(used)) continue;
        missing.add(`${project}/package.json does not name ${used} (${file})`);
      }
    }
    expect([...missing]).toEqual([]);
  });
});

describe('finding circles', () => {
  it.each<[string, Record<string, string[]>, string[][]]>([
    ['none', { a: ['b'], b: ['c'], c: [] }, []],
    ['two', { a: ['b'], b: ['a'] }, [['b', 'a', 'b']]],
    ['itself', { a: ['a'] }, [['a', 'a']]],
    ['a longer one behind a tail', { a: ['b'], b: ['c'], c: ['d'], d: ['b'] }, [['b', 'c', 'd', 'b']]],
    ['a diamond is none', { a: ['b', 'c'], b: ['d'], c: ['d'], d: [] }, []],
  ])('%s', (_name, edges, cycles) => {
    const found = cyclesIn(new Map(Object.entries(edges)));
    const members = (cycle: string[]) => [...new Set(cycle)].sort();
    expect(found.map(members)).toEqual(cycles.map(members));
  });
});

const named = new Map<string, Set<string>>();
/** What a project may import: in its sources only what is installed with it, in its tests also what develops it, and the root's tools. */
function dependenciesOf(project: string, production: boolean): Set<string> {
  const key = `${project} ${String(production)}`;
  const known = named.get(key);
  if (known) return known;
  const own = read(project);
  const tools = production && !project.startsWith('tools/') ? {} : { ...own.devDependencies, ...read('.').devDependencies };
  const all = new Set([own.name, ...Object.keys({ ...own.dependencies, ...tools })]);
  // the suites of the kit stand on the harness, which stands on the kit: naming it would be a circle
  if (!production) all.add('@leasewire/testing');
  named.set(key, all);
  return all;
}

function workspaces(): string[] {
  return ['apps', 'libs', 'tools'].flatMap((group) =>
    readdirSync(join(root, group))
      .map((name) => `${group}/${name}`)
      .filter((project) => existsSync(join(root, project, 'package.json'))),
  );
}

function read(project: string): { name: string; dependencies?: object; devDependencies?: object } {
  return JSON.parse(readFileSync(join(root, project, 'package.json'), 'utf8')) as ReturnType<typeof read>;
}
