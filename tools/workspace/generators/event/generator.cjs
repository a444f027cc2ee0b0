const { formatFiles } = require('@nx/devkit');
const { afterwards } = require('../lib/afterwards.cjs');
const { pascal } = require('../lib/names.cjs');
const { editor, ts } = require('../lib/source.cjs');

/** One more event of an entity, beside those it has: the same state, another fact. */
async function eventGenerator(tree, { type, describe, skipInstall }) {
  const [, service, entity, happened] = /^([a-z][a-z0-9-]*)\.([a-z][a-z0-9-]*)\.([a-z][a-z0-9-]*)$/.exec(type) ?? [];
  if (!service) throw new Error(`“${type}” must be service.entity.past-tense, such as parking.bay.freed`);
  const { path, sibling } = findSibling(tree, service, `${service}.${entity}.`, type);
  const camel = `${entity.charAt(0)}${pascal(entity).slice(1)}`;
  const name = `${camel}${pascal(happened)}`;
  const sentence =
    describe ??
    `${pascal(entity).replaceAll(/(?!^)([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`)}: ${happened.replaceAll('-', ' ')}.`;

  const file = editor(tree, path);
  const list = listWith(file.parsed(), sibling.name);
  file.element(list, name);
  const [written] = eventsIn(file.parsed()).filter((event) => event.name === sibling.name);
  file.insertAt(written.statement.getEnd(), `\nexport const ${name} = ${callAs(written.call, type, sentence)};`).save();
  await formatFiles(tree);
  return skipInstall ? undefined : afterwards(tree.root, { install: false });
}

function findSibling(tree, service, beginning, type) {
  const folder = `libs/contracts/src/${service}`;
  for (const file of tree.children(folder)) {
    const path = `${folder}/${file}`;
    if (!tree.isFile(path)) continue;
    const events = eventsIn(ts.createSourceFile(path, tree.read(path, 'utf8'), ts.ScriptTarget.ESNext, true));
    if (events.some((event) => event.type === type)) throw new Error(`${path} has “${type}” already`);
    const sibling = events.find((event) => event.type.startsWith(beginning));
    if (sibling) return { path, sibling };
  }
  const [, entity] = beginning.split('.');
  throw new Error(
    `No contract of ${service} begins with “${beginning}”. Make the feature first: npx nx g feature ${service} ${entity}`,
  );
}

/** `export const x = anything('a.b.c', …)` */
function eventsIn(source) {
  return source.statements.filter(ts.isVariableStatement).flatMap((statement) => {
    const [declaration] = statement.declarationList.declarations;
    const call = declaration?.initializer;
    if (!call || !ts.isCallExpression(call)) return [];
    const [first] = call.arguments;
    if (!first || !ts.isStringLiteral(first) || first.text.split('.').length !== 3) return [];
    return [{ name: declaration.name.getText(), type: first.text, statement, call }];
  });
}

/** The call with another name and another sentence; version, schema and example stay. */
function callAs(call, type, sentence) {
  const start = call.getStart();
  const edits = [[call.arguments[0], `'${type}'`]];
  const look = (node) => {
    if (ts.isPropertyAssignment(node) && node.name.getText() === 'describe') edits.push([node.initializer, quoted(sentence)]);
    else ts.forEachChild(node, look);
  };
  call.arguments.slice(1).forEach((argument) => {
    if (ts.isStringLiteral(argument) && edits.length === 1) edits.push([argument, quoted(sentence)]);
    else look(argument);
  });
  const [, version] = call.arguments;
  if (version && ts.isNumericLiteral(version)) edits.push([version, '1']);
  return edits
    .sort(([a], [b]) => b.getStart() - a.getStart())
    .reduce(
      (text, [node, more]) => text.slice(0, node.getStart() - start) + more + text.slice(node.getEnd() - start),
      call.getText(),
    );
}

const quoted = (text) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

/** The variable or property whose array names the sibling. */
function listWith(source, name) {
  let found;
  const look = (node) => {
    const holds = ts.isArrayLiteralExpression(node) && node.elements.some((element) => element.getText() === name);
    if (holds) {
      let holder = node.parent;
      while (holder && !ts.isVariableDeclaration(holder) && !ts.isPropertyAssignment(holder)) holder = holder.parent;
      found ??= holder?.name.getText();
    }
    ts.forEachChild(node, look);
  };
  look(source);
  if (!found) throw new Error(`No list of events names ${name}: the new event would belong to nobody`);
  return found;
}

module.exports = eventGenerator;
