import { createProjectGraphAsync } from '@nx/devkit';
import nx from '@nx/eslint-plugin';
import tseslint from 'typescript-eslint';
import { boundaries, boundariesOfTests } from './tools/workspace/lint/boundaries.mjs';
import { importTable } from './tools/workspace/lint/import-table.mjs';
import { importsOnlyWhereAllowed } from './tools/workspace/lint/imports-only-where-allowed.mjs';

// Without a graph the rule of boundaries skips itself in silence: on a fresh checkout nobody has made one yet.
await createProjectGraphAsync({ exitOnError: true, resetDaemonClient: true });

const typescript = ['{apps,libs,tools}/*/{src,test}/**/*.ts'];
const production = ['{apps,libs}/*/src/**/*.ts'];
const tests = ['{apps,libs,tools}/*/test/**/*.ts', 'apps/e2e/src/**/*.ts', 'libs/testing/src/**/*.ts'];

const environment = {
  selector: "MemberExpression[object.name='process'][property.name='env']",
  message:
    'The environment is read once, by loadConfig of @leasewire/service-kit; declare the variable in the config of the service.',
};
const injected = [
  ["NewExpression[callee.name='Date'][arguments.length=0]", 'clock.now()'],
  ["CallExpression[callee.object.name='Date'][callee.property.name='now']", 'clock.now() or clock.monotonicMs()'],
  ["CallExpression[callee.object.name='Math'][callee.property.name='random']", 'Ids or node:crypto'],
].map(([selector, instead]) => ({
  selector,
  message: `Time and randomness are injected, or no test can hold them: use ${instead}.`,
}));

export default tseslint.config(
  { ignores: ['**/dist/', '**/coverage/', '.nx/', '.leasewire*/', 'docs/', 'tools/workspace/generators/*/files/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },

  {
    files: typescript,
    extends: [tseslint.configs.strictTypeChecked],
    // one program for all: measured 17 s, against 31 s with projectService, which loads the types of Nest once per project
    languageOptions: { parserOptions: { project: './tsconfig.lint.json', tsconfigRootDir: import.meta.dirname } },
    plugins: { '@nx': nx, leasewire: { rules: { 'imports-only-where-allowed': importsOnlyWhereAllowed(importTable) } } },
    rules: {
      '@nx/enforce-module-boundaries': ['error', boundaries],
      'leasewire/imports-only-where-allowed': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': [
        'error',
        { fixStyle: 'inline-type-imports', disallowTypeAnnotations: false },
      ],
      '@typescript-eslint/no-unused-vars': [
        'error',
        { argsIgnorePattern: '^_', varsIgnorePattern: '^_', destructuredArrayIgnorePattern: '^_' },
      ],
      '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
      // a number in a message is what it looks like
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // a Nest module is a class with a decorator and nothing in it
      '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      // a type parameter may be there for the caller to read (`Fact<typeof contract>`)
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      // by code points is what is meant where a string is spread
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // what was caught is thrown again as it came
      '@typescript-eslint/only-throw-error': ['error', { allowThrowingUnknown: true, allowThrowingAny: false }],
      '@typescript-eslint/prefer-promise-reject-errors': ['error', { allowThrowingUnknown: true, allowThrowingAny: false }],
      // overloads with a comment each say more than one signature with a union
      '@typescript-eslint/unified-signatures': 'off',
      // overflows its stack on the recursive types of zod (8.73.0)
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-console': 'error',
    },
  },
  { files: production, rules: { 'no-restricted-syntax': ['error', environment, ...injected] } },
  // the documented exceptions: what reads the environment, the clock and the source of randomness themselves
  {
    files: ['libs/service-kit/src/config.ts', 'libs/messaging/src/{fault-point,clock,ids}.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },

  {
    files: tests,
    rules: {
      '@nx/enforce-module-boundaries': ['error', boundariesOfTests],
      // a test may say what it knows better than the compiler
      '@typescript-eslint/consistent-type-assertions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/require-await': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      '@typescript-eslint/no-extraneous-class': 'off',
      '@typescript-eslint/no-dynamic-delete': 'off',
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
      'no-restricted-syntax': 'off',
    },
  },
  // commands talk to a person at a terminal
  { files: ['tools/**/*.ts', '**/cli.ts', '**/*.command.ts'], rules: { 'no-console': 'off' } },

  // plain programs without a build: the commands, the generators, this file
  {
    files: ['**/*.{mjs,cjs,js}'],
    extends: [tseslint.configs.recommended],
    languageOptions: { globals: nodeGlobals() },
    rules: {
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
      '@typescript-eslint/no-require-imports': 'off',
      'no-undef': 'error',
      eqeqeq: ['error', 'always', { null: 'ignore' }],
    },
  },
);

function nodeGlobals() {
  const names = Object.getOwnPropertyNames(globalThis).concat('require', 'module', 'exports', '__dirname', '__filename');
  return Object.fromEntries(names.map((name) => [name, 'readonly']));
}
