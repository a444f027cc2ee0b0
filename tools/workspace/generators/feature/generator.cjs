const { join } = require('node:path');
const { formatFiles, generateFiles } = require('@nx/devkit');
const { afterwards } = require('../lib/afterwards.cjs');
const { idPrefix, spellings, withArticle } = require('../lib/names.cjs');
const { editor, ts } = require('../lib/source.cjs');

/** Contracts, rules, repository, service, calls and tests of one feature, wired into its service. */
async function featureGenerator(tree, options) {
  const feature = addFeature(tree, options);
  await formatFiles(tree);
  return options.skipInstall ? undefined : afterwards(tree.root, { install: false, feature });
}

function addFeature(tree, { service, name, permission = 'residence.residence', subscriber = false, route = false }) {
  const app = `apps/${service}`;
  const contracts = `libs/contracts/src/${service}`;
  const names = { service: spellings(service), feature: spellings(name) };
  const definition = `${app}/src/${service}.service-definition.ts`;
  if (!tree.exists(definition))
    throw new Error(`There is no ${definition}; make the service first: npx nx g service ${service} ${name}`);
  if (tree.exists(`${app}/src/${name}`) || tree.exists(`${contracts}/${name}.ts`))
    throw new Error(`${service} has a feature “${name}” already`);
  refuseTaken(tree, names.feature, name);
  assertPermission(tree, permission);

  const ids = editor(tree, 'libs/contracts/src/ids.ts');
  const prefix = idPrefix(name, new Set([...ids.text.matchAll(/idSchema\('([a-z]+)'/g)].map(([, taken]) => taken)));
  addId(ids, names.feature, prefix);

  const variables = { ...names, prefix, permission, subscriber, withArticle, tmpl: '' };
  const from = (folder) => join(__dirname, 'files', folder);
  generateFiles(tree, from('contracts'), contracts, { ...variables, name });
  generateFiles(tree, from('app'), app, { ...variables, name });
  if (subscriber) addSubscriber(tree, from('subscriber'), { ...variables, name });
  if (route) addRoutes(tree, from('gateway'), { ...variables, name });

  editor(tree, `${contracts}/index.ts`)
    .importing(`${names.feature.camel}Errors, ${names.feature.camel}Events, ${names.feature.camel}Rpcs`, `./${name}.js`)
    .exportingAll(`./${name}.js`)
    .element('events', `...${names.feature.camel}Events`)
    .element('rpcs', `...${names.feature.camel}Rpcs`)
    .property('errors', `...${names.feature.camel}Errors`)
    .save();
  editor(tree, moduleOf(tree, service))
    .importing(`${names.feature.pascal}Module`, `./${name}/${name}.module.js`)
    .element('imports', `${names.feature.pascal}Module`)
    .save();
  editor(tree, definition)
    .importing(`${names.feature.camel}Def`, `./${name}/${name}.repository.js`)
    .element('collections', `${names.feature.camel}Def`)
    .save();
  return names.feature;
}

/** The registry exports everything by name from one place. */
function refuseTaken(tree, { pascal, camel }, name) {
  const taken = new RegExp(
    `export (?:const|type|interface|function) (?:${pascal}|${pascal}Id|${camel}Events|${camel}Added|add${pascal}|get${pascal})\\b`,
  );
  const files = (folder) =>
    tree
      .children(folder)
      .flatMap((child) => (tree.isFile(`${folder}/${child}`) ? [`${folder}/${child}`] : files(`${folder}/${child}`)));
  for (const file of files('libs/contracts/src')) {
    const found = taken.exec(tree.read(file, 'utf8'));
    if (found)
      throw new Error(
        `${file} has “${found[0]}” already, and contracts share one namespace; call the feature something other than “${name}”`,
      );
  }
}

function assertPermission(tree, permission) {
  const [group, leaf] = permission.split('.');
  const registry = tree.read('libs/contracts/src/permissions.ts', 'utf8');
  const known = new RegExp(`\\b${group}: \\{[^}]*?\\{[^}]*?\\b'?${leaf}'?:`).test(registry);
  if (!known)
    throw new Error(
      `There is no permission “${permission}” in libs/contracts/src/permissions.ts; add it there or give another with --permission`,
    );
}

function addId(ids, { pascal, words }, prefix) {
  const describe = withArticle(words);
  const constants = [...ids.text.matchAll(/^export const \w+Id = idSchema\(.*\);$/gm)].at(-1);
  ids.insertAt(
    constants.index + constants[0].length,
    `\nexport const ${pascal}Id = idSchema('${prefix}', '${describe.charAt(0).toUpperCase()}${describe.slice(1)}');`,
  );
  const types = [...ids.text.matchAll(/^export type \w+Id = z\.infer<typeof \w+Id>;$/gm)]
    .filter(([line]) => !line.includes('JobId'))
    .at(-1);
  ids.insertAt(types.index + types[0].length, `\nexport type ${pascal}Id = z.infer<typeof ${pascal}Id>;`);
  ids.save();
}

function moduleOf(tree, service) {
  const found = ['app', service].map((name) => `apps/${service}/src/${name}.module.ts`).find((path) => tree.exists(path));
  if (!found) throw new Error(`apps/${service}/src has no app.module.ts to add the feature to`);
  return found;
}

/** It hears of new organizations; the broker lets it by the service's row. */
function addSubscriber(tree, templates, variables) {
  const { service, feature } = variables;
  generateFiles(tree, templates, `apps/${service.kebab}`, variables);
  const table = editor(tree, 'libs/contracts/src/services.ts');
  const row = ['services', service.kebab];
  const reads = table.textOf([...row, 'reads']);
  if (reads !== "'all'" && !reads.includes("'identity'")) table.element([...row, 'reads'], "'identity'");
  const handler = `'first-${feature.kebab}'`;
  if (table.has([...row, 'handlers'])) table.element([...row, 'handlers'], handler);
  else table.property(row, `handlers: [${handler}]`);
  table.save();
}

function addRoutes(tree, templates, variables) {
  const { feature } = variables;
  generateFiles(tree, templates, 'apps/gateway/src', { ...variables, plural: feature.plural });
  editor(tree, 'apps/gateway/src/routes.ts')
    .importing(`${feature.camel}Routes`, `./${feature.plural}/${feature.kebab}.routes.js`)
    .element('routeGroups', `${feature.camel}Routes`)
    .save();
  addToThings(tree, feature);
}

const authorization = 'apps/e2e/test/authorization.e2e.spec.ts';

/** That test asks for everything that the API document names, so it needs one of each. */
function addToThings(tree, { camel, plural }) {
  const test = editor(tree, authorization);
  const things = test.parsed().statements.find((one) => ts.isFunctionDeclaration(one) && one.name?.text === 'thingsOf');
  const answer = things?.body?.statements.find(ts.isReturnStatement);
  if (!answer || !ts.isObjectLiteralExpression(answer.expression))
    throw new Error(`${authorization} has no thingsOf() that returns an object: add one of the new thing there by hand`);
  test.insertAt(answer.expression.getStart() + 1, `\n    ${camel}Id: (await add('/v1/${plural}', { name: 'Ours' })).id,`);
  test.save();
}

module.exports = featureGenerator;
module.exports.addFeature = addFeature;
