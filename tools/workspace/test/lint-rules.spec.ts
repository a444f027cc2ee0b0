import { Linter } from 'eslint';
import { parser } from 'typescript-eslint';
import { matchesGlob } from '../lint/glob.mjs';
import { importTable } from '../lint/import-table.mjs';
import { importsOnlyWhereAllowed } from '../lint/imports-only-where-allowed.mjs';

const lint = (file: string, code: string) =>
  new Linter({ cwd: '/repo' })
    .verify(
      code,
      {
        files: ['**/*.ts'],
        languageOptions: { parser: parser },
        plugins: { leasewire: { rules: { imports: importsOnlyWhereAllowed(importTable) } } },
        rules: { 'leasewire/imports': 'error' },
      } as Linter.Config,
      { filename: `/repo/${file}` },
    )
    .map(({ message }) => message);

describe('who may import what', () => {
  it.each([
    ['the driver in a service', 'apps/identity/src/staff/staff.service.ts', "import { ObjectId } from 'mongodb';", '“mongodb”'],
    ['the driver, only its types', 'apps/identity/src/staff/staff.service.ts', "import type { Db } from 'mongodb';", '“mongodb”'],
    ['the driver, when needed', 'apps/identity/src/x.ts', "const load = () => import('mongodb');", '“mongodb”'],
    [
      'all organizations at once',
      'apps/identity/src/role/role.service.ts',
      "import { systemScope } from '@leasewire/persistence';",
      '“systemScope”',
    ],
    ['all of persistence under a name', 'apps/identity/src/x.ts', "import * as all from '@leasewire/persistence';", '“*”'],
    ['the bus', 'apps/identity/src/x.ts', "import { jetstream } from '@nats-io/jetstream';", '“@nats-io/jetstream”'],
    ['Nest in rules', 'apps/identity/src/role/role.rules.ts', "import { Injectable } from '@nestjs/common';", '“@nestjs/common”'],
    [
      'the clock in rules',
      'apps/identity/src/role/role.rules.ts',
      "import { systemClock } from '@leasewire/messaging';",
      '“systemClock”',
    ],
    [
      'an HTTP error in a service',
      'apps/audit/src/x.ts',
      "import { NotFoundException } from '@nestjs/common';",
      '“NotFoundException”',
    ],
    ['the environment', 'apps/audit/src/x.ts', "import { env } from 'node:process';", '“env”'],
    ['what we do not use', 'apps/audit/src/x.ts', "export { Schema } from 'mongoose';", '“mongoose”'],
  ])('not %s', (_what, file, code, refused) => {
    expect(lint(file, code)).toEqual([expect.stringContaining(`${refused} may not be imported here:`)]);
  });

  it.each([
    ['the driver where the driver lives', 'libs/persistence/src/database.ts', "import { MongoClient } from 'mongodb';"],
    ['the driver in the harness', 'libs/testing/src/database.ts', "import { MongoClient } from 'mongodb';"],
    ['repositories', 'apps/identity/src/role/role.repository.ts', "import { TenantRepository } from '@leasewire/persistence';"],
    [
      'all organizations where the list says so',
      'apps/identity/src/link/link.repository.ts',
      "import { systemScope } from '@leasewire/persistence';",
    ],
    ['contracts in rules', 'apps/identity/src/role/role.rules.ts', "import { permits } from '@leasewire/contracts';"],
    ['an HTTP error in the gateway', 'apps/gateway/src/x.ts', "import { NotFoundException } from '@nestjs/common';"],
    ['Nest itself in a service', 'apps/audit/src/x.ts', "import { Injectable } from '@nestjs/common';"],
  ])('%s', (_what, file, code) => {
    expect(lint(file, code)).toEqual([]);
  });
});

describe('a glob', () => {
  it.each([
    ['libs/a/src/x.ts', 'libs/a/**', true],
    ['libs/ab/src/x.ts', 'libs/a/**', false],
    ['libs/a/src/deep/x.rules.ts', '**/*.rules.ts', true],
    ['x.rules.ts', '**/*.rules.ts', true],
    ['libs/a/test/x.ts', '**/test/**', true],
    ['libs/attest/x.ts', '**/test/**', false],
    ['libs/b/src/x.ts', 'libs/{a,b}/**', true],
    ['libs/c/src/x.ts', 'libs/{a,b}/**', false],
    ['libs/a/x.ts', 'libs/*.ts', false],
  ])('%s is in %s: %s', (path, glob, expected) => {
    expect(matchesGlob(path, glob)).toBe(expected);
  });
});
