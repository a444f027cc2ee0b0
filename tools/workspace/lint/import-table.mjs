/**
 * Who may import what. A new user of something listed here is a decision: add the file to the row and say in the commit why.
 * The format is that of imports-only-where-allowed.mjs.
 */
export const importTable = [
  {
    module: /^mongodb$/,
    except: ['libs/persistence/**', 'libs/testing/**', 'tools/**'],
    because: 'services reach their database through the repositories of @leasewire/persistence, which keep organizations apart.',
  },
  {
    // the audited way to query across organizations: claimers, relay, sign-in by e-mail
    module: /^@leasewire\/persistence$|\/system-scope\.js$/,
    names: /^(\*|systemScope)$/,
    except: [
      'libs/persistence/**',
      '**/test/**',
      // nobody knows the organization before these have found it
      'apps/identity/src/api-key/api-key.repository.ts',
      'apps/identity/src/link/link.repository.ts',
      'apps/identity/src/password/credential.repository.ts',
      'apps/identity/src/session/session.repository.ts',
      'apps/identity/src/resident-account/resident-{account,credential}.repository.ts',
      'apps/identity/src/resident-{link,session,view}/resident-{link,session,view}.repository.ts',
      // one sign-in for people of several organizations: their staff rows and the names to choose from
      'apps/identity/src/organization/organization.repository.ts',
      'apps/identity/src/staff/staff.repository.ts',
      // the snapshot that read models of all organizations begin with
      'apps/identity/src/role/role.repository.ts',
      'apps/directory/src/property/property.repository.ts',
      'apps/directory/src/resident/resident.repository.ts',
      'apps/directory/src/unit/unit.repository.ts',
      // whoever forgot a password names nothing but an address; the snapshot
      'apps/onboarding/src/account/account.repository.ts',
      // runs of all organizations in turn, the snapshot, a webhook that names only its connection
      'apps/pms-sync/src/connection/{connection,synced-property}.repository.ts',
      'apps/pms-sync/src/{balance/balance,hold/hold}.repository.ts',
      'apps/pms-sync/src/run/sync-run.repository.ts',
      // a text names only the number that it comes from
      'apps/notifications/src/consent/consent.repository.ts',
      // a report of a mail server names only a token; content is removed of all organizations in turn
      'apps/notifications/src/delivery/delivery.repository.ts',
      'apps/notifications/src/message/message.repository.ts',
      'apps/notifications/src/{attachment/attachment,hooks/inbound-text}.repository.ts',
      // the commands `verify` and `heads export` go over the chains of all organizations
      'apps/audit/src/chain/chain.repository.ts',
    ],
    because: 'it queries across organizations. If there is no other way, add the file to tools/workspace/lint/import-table.mjs.',
  },
  {
    module: /^@nats-io\//,
    except: ['libs/{messaging,testing,service-kit}/**', 'apps/gateway/**', 'tools/**', '**/test/**'],
    because: 'services publish with tx.publish, subscribe with @OnEvent and call with RpcClient.',
  },
  {
    module: /^@nestjs\/|^rxjs|^mongodb$|^fastify|^@leasewire\/(persistence|testing)$/,
    in: ['**/*.rules.ts'],
    because: 'a rules file is data in, decision out; what it needs is given to it.',
  },
  {
    module: /./,
    names: /^(systemClock|Clock|CLOCK|Ids|IDS|newId)$/,
    in: ['**/*.rules.ts'],
    because: 'a rule is told the time and the ids; it does not look.',
  },
  {
    module: '@nestjs/common',
    names: /Exception$/,
    except: ['apps/gateway/**', 'libs/service-kit/**', '**/test/**'],
    because: 'throw DomainError(code, message); the gateway makes HTTP of it.',
  },
  {
    module: /^(node:)?process$/,
    names: /^(env|\*)$/,
    except: ['tools/**'],
    because: 'the environment is read once, by loadConfig.',
  },
  {
    module: /^(mongoose|nats|moment|lodash|class-validator|class-transformer|nestjs-zod)$/,
    except: ['tools/bench/**'],
    because: 'it is not one of ours: docs/decisions says what stands in its place.',
  },
];
