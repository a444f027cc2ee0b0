import type { Registry } from '@leasewire/contracts';
import { asyncApi } from './asyncapi.js';
import { catalogue } from './catalogue.js';
import { published } from './frozen.js';
import { asText, type Documents } from './plan.js';

/** Everything in docs/contracts. `snippets` are the programs of tools/contracts/examples, shown in the catalogue as they are. */
export function documents(registry: Registry, snippets: Readonly<Record<string, string>>): Documents {
  return {
    frozen: published(registry),
    derived: new Map([
      ['asyncapi.json', asText(asyncApi(registry))],
      ['events.md', catalogue(registry, snippets)],
    ]),
  };
}
