const ts = require('typescript');

/**
 * Small edits of TypeScript files that people wrote: found by the syntax tree, made in the text, so that everything else stays
 * as it is. An edit that does not find its place says where to make it by hand.
 */
function editor(tree, path) {
  if (!tree.exists(path)) throw new Error(`${path} is missing`);
  let text = tree.read(path, 'utf8');
  const parsed = () => ts.createSourceFile(path, text, ts.ScriptTarget.ESNext, true);
  const insert = (at, what) => (text = text.slice(0, at) + what + text.slice(at));
  const replace = (node, what) => (text = text.slice(0, node.getStart()) + what + text.slice(node.getEnd()));

  return {
    get text() {
      return text;
    },

    /** After the last line of its kind. */
    statement(statement, kind) {
      if (text.includes(statement)) return this;
      const last = parsed().statements.filter(kind).at(-1);
      insert(last ? last.getEnd() : 0, `${last ? '\n' : ''}${statement}${last ? '' : '\n'}`);
      return this;
    },
    importing(name, module) {
      return this.statement(`import { ${name} } from '${module}';`, ts.isImportDeclaration);
    },
    exportingAll(module) {
      return this.statement(`export * from '${module}';`, (node) => ts.isExportDeclaration(node) && !node.exportClause);
    },

    /** Into the array that a variable or property holds, at its end; what is not an array is spread into one. */
    element(holder, element) {
      const value = valueOf(parsed(), holder, path);
      if (ts.isArrayLiteralExpression(value)) appendTo(value, value.elements, element, insert);
      else replace(value, `[...${value.getText()}, ${element}]`);
      return this;
    },
    /** Is there anything of that name? */
    has(holder) {
      return find(parsed(), holder) !== undefined;
    },
    textOf(holder) {
      return valueOf(parsed(), holder, path).getText();
    },
    /** Into the object that a variable or property holds, at its end; what is not an object literal is spread into one. */
    property(holder, property) {
      const value = valueOf(parsed(), holder, path);
      if (ts.isObjectLiteralExpression(value)) appendTo(value, value.properties, property, insert);
      else replace(value, `{ ...${value.getText()}, ${property} }`);
      return this;
    },
    append(more) {
      text = `${text.trimEnd()}\n\n${more.trim()}\n`;
      return this;
    },
    insertAt(position, more) {
      insert(position, more);
      return this;
    },
    parsed,
    save() {
      tree.write(path, text);
    },
  };
}

function appendTo(literal, members, more, insert) {
  const last = members.at(-1);
  if (last) insert(last.getEnd(), `, ${more}`);
  else insert(literal.getStart() + 1, more);
}

/**
 * What a variable is set to, or the first property of that name; of several names each is looked for in what the one before
 * holds. `as const` and `satisfies` around it are looked through.
 */
function valueOf(source, holder, path) {
  const value = find(source, holder);
  if (!value) throw new Error(`${path} has no “${[holder].flat().join('.')}”: add the new thing there by hand`);
  return value;
}

const find = (source, holder) => [holder].flat().reduce((within, name) => within && heldBy(within, name), source);

function heldBy(within, holder) {
  let found;
  const look = (node) => {
    if (found) return;
    const holds = ts.isVariableDeclaration(node) || ts.isPropertyAssignment(node);
    if (holds && node.initializer && node.name.text === holder) found = node.initializer;
    else ts.forEachChild(node, look);
  };
  ts.forEachChild(within, look);
  while (found && (ts.isAsExpression(found) || ts.isSatisfiesExpression(found) || ts.isParenthesizedExpression(found)))
    found = found.expression;
  return found;
}

module.exports = { editor, ts };
