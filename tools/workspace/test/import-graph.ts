import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';

export const root = join(__dirname, '../../..');

export interface Import {
  /** As written: `./x.js`, `@leasewire/contracts`, `mongodb`. */
  readonly specifier: string;
  /** The source file it leads to, from the root, when that is one of ours. */
  readonly file: string | undefined;
  /** Only the compiler follows it. */
  readonly typeOnly: boolean;
}

/** Every TypeScript file of the projects, and what it imports, resolved as the compiler does it. */
export function importGraph(): ReadonlyMap<string, readonly Import[]> {
  const { config } = ts.readConfigFile(join(root, 'tsconfig.base.json'), (path) => ts.sys.readFile(path)) as { config: object };
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  const cache = ts.createModuleResolutionCache(root, (name) => name, options);
  const packages = new Map<string, string>();

  const resolve = (specifier: string, from: string): string | undefined => {
    const known = specifier.startsWith('.') ? undefined : packages.get(specifier);
    if (known !== undefined) return known || undefined;
    const found = ts.resolveModuleName(specifier, from, options, ts.sys, cache, undefined, ts.ModuleKind.ESNext).resolvedModule;
    const path = found && relative(root, found.resolvedFileName);
    const own = path && !path.startsWith('..') && !path.includes('node_modules') ? path : '';
    if (!specifier.startsWith('.')) packages.set(specifier, own);
    return own || undefined;
  };

  const graph = new Map<string, readonly Import[]>();
  for (const file of sourceFiles()) {
    const imports = importsOf(file).map((found) => ({ ...found, file: resolve(found.specifier, file) }));
    graph.set(relative(root, file), imports);
  }
  return graph;
}

function importsOf(file: string): Pick<Import, 'specifier' | 'typeOnly'>[] {
  const text = readFileSync(file, 'utf8');
  const { statements } = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext);
  const declared = statements.flatMap((statement) => {
    if (!ts.isImportDeclaration(statement) && !ts.isExportDeclaration(statement)) return [];
    if (!statement.moduleSpecifier || !ts.isStringLiteral(statement.moduleSpecifier)) return [];
    return [{ specifier: statement.moduleSpecifier.text, typeOnly: isTypeOnly(statement) }];
  });
  // import(…) and require(…) within functions
  const seen = new Set(declared.map(({ specifier }) => specifier));
  const inner = ts.preProcessFile(text, true, true).importedFiles.filter(({ fileName }) => !seen.has(fileName));
  return [...declared, ...inner.map(({ fileName }) => ({ specifier: fileName, typeOnly: false }))];
}

function isTypeOnly(statement: ts.ImportDeclaration | ts.ExportDeclaration): boolean {
  if (ts.isExportDeclaration(statement)) return statement.isTypeOnly;
  const clause = statement.importClause;
  if (!clause) return false;
  if (clause.phaseModifier === ts.SyntaxKind.TypeKeyword) return true;
  const names = clause.namedBindings;
  return !clause.name && names !== undefined && ts.isNamedImports(names) && names.elements.every((element) => element.isTypeOnly);
}

function sourceFiles(): string[] {
  return ['apps', 'libs', 'tools'].flatMap((group) =>
    readdirSync(join(root, group), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .flatMap((project) => ['src', 'test'].flatMap((part) => typescriptIn(join(root, group, project.name, part)))),
  );
}

function typescriptIn(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && !entry.name.endsWith('.d.ts'))
      .map((entry) => join(entry.parentPath, entry.name));
  } catch {
    return [];
  }
}

/** Each group of files that reach each other (Tarjan's strongly connected components), as one cycle through it. */
export function cyclesIn(graph: ReadonlyMap<string, readonly string[]>): string[][] {
  const found: string[][] = [];
  const index = new Map<string, number>();
  const low = new Map<string, number>();
  const stack: string[] = [];
  const visit = (node: string): void => {
    index.set(node, index.size);
    low.set(node, index.get(node)!);
    stack.push(node);
    for (const next of graph.get(node) ?? []) {
      if (!index.has(next)) visit(next);
      if (stack.includes(next)) low.set(node, Math.min(low.get(node)!, low.get(next)!));
      if (next === node) found.push([node, node]);
    }
    if (low.get(node) !== index.get(node)) return;
    const members = stack.splice(stack.indexOf(node));
    if (members.length > 1) found.push(cycleThrough(members, graph));
  };
  for (const node of graph.keys()) if (!index.has(node)) visit(node);
  return found;
}

/** The shortest way from the first of them back to itself. */
function cycleThrough(members: readonly string[], graph: ReadonlyMap<string, readonly string[]>): string[] {
  const within = new Set(members);
  const start = members[0]!;
  let paths = [[start]];
  for (;;) {
    const longer: string[][] = [];
    for (const path of paths)
      for (const next of graph.get(path.at(-1)!) ?? []) {
        if (next === start) return [...path, start];
        if (within.has(next) && !path.includes(next)) longer.push([...path, next]);
      }
    paths = longer.slice(0, 1000);
  }
}

/** `@nestjs/common/x` belongs to the package `@nestjs/common`, `rxjs/operators` to `rxjs`. */
export function packageOf(specifier: string): string | undefined {
  if (specifier.startsWith('.') || specifier.startsWith('node:')) return undefined;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

export const projectOf = (file: string): string => file.split('/').slice(0, 2).join('/');
