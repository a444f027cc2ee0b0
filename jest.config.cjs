// Jest runs CommonJS here: its native ESM mode cannot load the CommonJS packages that require Nest (research A.4).
// Packages that are published as ESM only are therefore transformed too.
const esmPackages = [
  '@nestjs',
  'file-type',
  'strtok3',
  'token-types',
  'uint8array-extras',
  '@tokenizer',
  '@borewit',
  'parse5',
  'entities',
];
// The one file of the driver with a dynamic import, which Jest refuses; the handshake then fails without saying why.
const dynamicImports = ['mongodb/lib/runtime_adapters'];

/** @type {import('jest').Config} */
module.exports = {
  // Pure, service and end-to-end suites in one run: two at a time, each with servers or databases of its own.
  maxWorkers: 2,
  testMatch: ['<rootDir>/{libs,apps,tools}/*/test/**/*.spec.ts'],
  // Closes what a suite opened, after its last hook.
  testEnvironment: '<rootDir>/libs/testing/src/jest-environment.cjs',
  testEnvironmentOptions: { customExportConditions: ['@leasewire/source', 'node', 'require', 'default'] },
  // A directory and an undertaker for the run: costs milliseconds; servers start when the first suite asks.
  globalSetup: '<rootDir>/libs/testing/src/test-run.ts',
  globalTeardown: '<rootDir>/libs/testing/src/end-run.ts',
  testTimeout: 20_000,
  transform: {
    '^.+\\.[cm]?[jt]s$': [
      '@swc/jest',
      {
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
          keepClassNames: true,
        },
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${[...esmPackages, ...dynamicImports].join('|')})[/.])`],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  modulePathIgnorePatterns: ['/dist/'],
};
