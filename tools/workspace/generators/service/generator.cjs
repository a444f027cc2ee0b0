const { join } = require('node:path');
const { formatFiles, generateFiles, readJson } = require('@nx/devkit');
const { addFeature } = require('../feature/generator.cjs');
const { afterwards } = require('../lib/afterwards.cjs');
const { spellings } = require('../lib/names.cjs');
const { editor } = require('../lib/source.cjs');

/** An app with a database and a stream of its own, known to contracts, trust, compose and the compiler. */
async function serviceGenerator(tree, { name, feature = `${name}-item`, permission, route, skipInstall }) {
  const service = spellings(name);
  const app = `apps/${name}`;
  if (tree.exists(app)) throw new Error(`There is an app “${name}” already`);

  generateFiles(tree, join(__dirname, 'files'), app, {
    name,
    service,
    feature: spellings(feature),
    versionOf: versions(tree),
    tmpl: '',
  });
  tree.write(
    `libs/contracts/src/${name}/index.ts`,
    `\nexport const ${service.camel}Contracts = { events: [], rpcs: [], jobs: [], errors: {} } as const;\n`,
  );
  editor(tree, 'libs/contracts/src/index.ts').exportingAll(`./${name}/index.js`).save();
  editor(tree, 'libs/contracts/src/registry.ts')
    .importing(`${service.camel}Contracts`, `./${name}/index.js`)
    .element('all', `${service.camel}Contracts`)
    .save();
  // the sample subscriber hears of new organizations
  const key = name.includes('-') ? `'${name}'` : name;
  editor(tree, 'libs/contracts/src/services.ts')
    .property('services', `${key}: { calls: [], reads: ['identity'], owns: true }`)
    .save();

  addFeature(tree, { service: name, name: feature, permission, route, subscriber: true });
  addReferences(tree, [app, `${app}/test`]);
  addToCompose(tree, service);
  await formatFiles(tree);
  return skipInstall ? undefined : afterwards(tree.root, { install: true });
}

/** The versions that the kit uses: one of each in the whole workspace. */
function versions(tree) {
  const known = Object.assign(
    {},
    ...['messaging', 'persistence', 'service-kit'].map((lib) => readJson(tree, `libs/${lib}/package.json`).dependencies),
  );
  return (name) => {
    if (!known[name]) throw new Error(`No library of the kit names ${name}, so its version is not known`);
    return known[name];
  };
}

/** One line each, as the file has them: written as JSON it would be four. */
function addReferences(tree, paths) {
  const text = tree.read('tsconfig.json', 'utf8');
  const last = [...text.matchAll(/\{ "path": "[^"]+" \}/g)].at(-1);
  if (!last) throw new Error(`tsconfig.json lists no references; add ${paths.join(' and ')} by hand`);
  const end = last.index + last[0].length;
  tree.write(
    'tsconfig.json',
    text.slice(0, end) + paths.map((path) => `,\n    { "path": "${path}" }`).join('') + text.slice(end),
  );
}

function addToCompose(tree, { kebab }) {
  const path = 'docker-compose.yml';
  let text = tree.read(path, 'utf8');
  const before = (pattern, more) => {
    const found = pattern.exec(text);
    if (!found) throw new Error(`${path} does not look as expected (${String(pattern)}); add ${kebab} to it by hand`);
    text = text.slice(0, found.index) + more + text.slice(found.index);
  };
  before(
    /^ {2}mongodb:$/m,
    `  ${kebab}:
    <<: *service
    build: { context: ., args: { SERVICE: ${kebab} } }
    image: leasewire/${kebab}
    environment: { <<: [*environment, *database] }
    volumes: ['trust-${kebab}:/run/trust:ro']

`,
  );
  before(/^networks:$/m, `      - trust-${kebab}:/trust/${kebab}\n`);
  text = text.replace(/\n+( +- trust-\S+\n)networks:$/m, '\n$1\nnetworks:');
  tree.write(path, `${text.trimEnd()}\n  trust-${kebab}: {}\n`);
}

module.exports = serviceGenerator;
