import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '../../..');

/** Every app is a scope of its own (`nx.tags` of its package.json); services meet only in contracts. */
const scopes = readdirSync(join(root, 'apps'), { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map((entry) => {
    const { nx } = JSON.parse(readFileSync(join(root, 'apps', entry.name, 'package.json'), 'utf8'));
    return nx.tags.find((tag) => tag.startsWith('scope:'));
  });

/** Three axes: what it is, whose it is, where it runs (research/architecture.md D). */
function constraints({ testing }) {
  const extra = testing ? ['type:testing'] : [];
  const may = (sourceTag, tags, more = {}) => ({ sourceTag, onlyDependOnLibsWithTags: tags, ...more });
  return [
    // what meets a vendor is tested against the simulators of vendors, which are a tool
    may('type:app', ['type:kit', 'type:contracts', ...extra, ...(testing ? ['type:tool'] : [])]),
    may('type:kit', ['type:kit', 'type:contracts', ...extra]),
    may('type:contracts', ['type:contracts', ...extra], testing ? {} : { allowedExternalImports: ['zod'] }),
    may('type:testing', ['type:testing', 'type:kit', 'type:contracts']),
    may('type:e2e', ['type:testing', 'type:kit', 'type:contracts', 'type:tool']),
    may('type:tool', ['type:tool', 'type:testing', 'type:kit', 'type:contracts']),
    ...scopes.map((scope) => may(scope, [scope, 'scope:shared'])),
    may('scope:shared', ['scope:shared']),
    may('platform:browser', ['platform:browser', 'platform:any']),
    may('platform:any', ['platform:any', ...(testing ? ['scope:shared'] : [])]),
  ];
}

const common = { enforceBuildableLibDependency: false, banTransitiveDependencies: false, allow: [] };

export const boundaries = { ...common, depConstraints: constraints({ testing: false }) };

/** The kit is tested on the real servers that `libs/testing` starts, which itself stands on the kit. */
export const boundariesOfTests = {
  ...common,
  depConstraints: constraints({ testing: true }),
  ignoredCircularDependencies: ['contracts', 'messaging', 'persistence', 'service-kit'].flatMap((tested) =>
    ['testing', 'service-kit', 'persistence', 'messaging'].map((used) => [`@leasewire/${tested}`, `@leasewire/${used}`]),
  ),
};
