import { relative } from 'node:path';
import { matchesGlob } from './glob.mjs';

/**
 * One table of who may import what. Flat config replaces a rule's options for every later match, so `no-restricted-imports` cannot
 * say “mongodb only here, systemScope only there” without repeating itself; this rule reads one table for all files.
 *
 * Row: { module, names?, in?, except?, because }
 *   module   what is imported: a string, or a regular expression on the specifier
 *   names    a regular expression; only these names of it (default: all of it)
 *   in       globs of files the row speaks of (default: all)
 *   except   globs of files that may
 *   because  what to do instead
 */
export function importsOnlyWhereAllowed(table) {
  return {
    meta: {
      type: 'problem',
      docs: { description: 'Modules and names that only some files may import' },
      schema: [],
      messages: { refused: '“{{what}}” may not be imported here: {{because}}' },
    },
    create(context) {
      const file = relative(context.cwd, context.filename).replaceAll('\\', '/');
      const rows = table.filter((row) => speaksOf(row, file));
      return rows.length === 0 ? {} : visitor(context, rows);
    },
  };
}

function speaksOf(row, file) {
  const within = (globs) => globs.some((glob) => matchesGlob(file, glob));
  return (!row.in || within(row.in)) && !(row.except && within(row.except));
}

function visitor(context, rows) {
  const check = (node, specifier, names) => {
    for (const row of rows) {
      if (!matches(row.module, specifier)) continue;
      const refused = row.names ? names.filter((name) => row.names.test(name)) : [specifier];
      for (const what of refused) context.report({ node, messageId: 'refused', data: { what, because: row.because } });
    }
  };
  return {
    ImportDeclaration: (node) => check(node, node.source.value, node.specifiers.map(importedName)),
    ExportNamedDeclaration: (node) =>
      node.source &&
      check(
        node,
        node.source.value,
        node.specifiers.map(({ local }) => nameOf(local)),
      ),
    ExportAllDeclaration: (node) => check(node, node.source.value, ['*']),
    ImportExpression: (node) => node.source.type === 'Literal' && check(node, String(node.source.value), ['*']),
  };
}

const matches = (module, specifier) => (typeof module === 'string' ? module === specifier : module.test(specifier));
const nameOf = (node) => (node.type === 'Literal' ? String(node.value) : node.name);
/** `import * as x`, `export *` and `import()` take everything, so a row may list `*` among its names. */
const importedName = (node) => (node.type === 'ImportSpecifier' ? nameOf(node.imported) : '*');
