// Jest runs CommonJS here: its native ESM mode cannot load the CommonJS packages that require Nest (research A.4).
// Packages that are published as ESM only are therefore transformed too.
const esmPackages = ['@nestjs', 'file-type', 'strtok3', 'token-types', 'uint8array-extras', '@tokenizer', '@borewit'];

const base = {
  testEnvironment: 'node',
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
  transformIgnorePatterns: [`/node_modules/(?!(${esmPackages.join('|')})/)`],
  moduleNameMapper: { '^(\\.{1,2}/.*)\\.js$': '$1' },
  testEnvironmentOptions: { customExportConditions: ['@leasewire/source', 'node', 'require', 'default'] },
  extensionsToTreatAsEsm: [],
  injectGlobals: true,
};

module.exports = { ...base, testMatch: ['<rootDir>/{libs,apps,tools}/*/test/**/*.spec.ts'], maxWorkers: 2 };
