import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repositoryRoot, temporaryFolder } from '@leasewire/testing';
import { openApiDocument } from '../src/openapi/document.js';
import { exampleOf } from '../src/openapi/examples.js';
import { repliesOf } from '../src/openapi/operation.js';
import { codesOf } from '../src/openapi/problems.js';
import { isObject, SchemaBook, type JsonObject } from '../src/openapi/schema-book.js';
import { errorRow } from '../src/problem/codes.js';
import { Problem } from '../src/problem/problem.js';
import { InputPlan, splitOf } from '../src/routing/input-plan.js';
import { routeSamples } from '../src/routing/samples.js';
import { routeGroups, routes } from '../src/routes.js';

const run = promisify(execFile);
interface Operation {
  readonly operationId: string;
  readonly responses: Readonly<Record<string, { content?: Record<string, { examples?: Record<string, { value: Problem }> }> }>>;
  readonly requestBody?: {
    readonly content: Readonly<Record<string, { readonly schema: { readonly additionalProperties?: boolean } }>>;
  };
}
interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, { readonly additionalProperties?: boolean }>> };
}
const text = JSON.stringify(
  openApiDocument(routeGroups, { publicUrl: 'https://leasewire.cloud', version: '1.0.0', cookieName: 'c' }),
);
const document = JSON.parse(text) as Document;
const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ key: `${method} ${path}`, operation })),
);

/** Every object in it, however deep. */
function* partsOf(value: unknown): Generator<JsonObject> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield value as JsonObject;
  for (const part of Object.values(value)) yield* partsOf(part);
}

describe('the API document', () => {
  it('has no errors in the eyes of redocly', async () => {
    const folder = temporaryFolder('openapi');
    writeFileSync(join(folder, 'openapi.json'), text);
    writeFileSync(join(folder, 'redocly.yaml'), 'extends:\n  - recommended\ntelemetry: "off"\n');
    const cli = join(repositoryRoot(), 'node_modules/@redocly/cli/bin/cli.js');
    const { stdout, stderr } = await run(process.execPath, [cli, 'lint', 'openapi.json', '--format=stylish'], {
      cwd: folder,
      env: { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', CI: 'true' },
    }).catch((error: { stdout: string; stderr: string }) => error);
    expect(stdout + stderr).toMatch(/Your API description is valid/);
    expect(stdout + stderr).not.toMatch(/ (warning|error) /);
  }, 120_000);

  it('names every operation once', () => {
    const ids = operations.map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThan(45);
  });

  it('refers only to what is there', () => {
    for (const [, ref] of text.matchAll(/"\$ref":"#\/([^"]+)"/g)) {
      const found = ref!
        .split('/')
        .reduce<unknown>((at, key) => (at as Record<string, unknown> | undefined)?.[key.replaceAll('~1', '/')], document);
      expect([ref, found !== undefined]).toEqual([ref, true]);
    }
  });

  it('has nothing for which generators of clients leave an operation out', () => {
    const schemas = [...partsOf(document)].filter((part) => 'type' in part || 'anyOf' in part || 'oneOf' in part);
    expect(schemas.filter((schema) => isObject(schema['default']))).toEqual([]); // said in words instead
    const draft = JSON.stringify(document.components.schemas['MessageDraft']);
    expect(draft).toContain('Without it: `{\\"kind\\":\\"now\\"}`');
    const file = document.paths['/v1/imports']?.['post']?.requestBody?.content;
    expect(Object.keys(file ?? {})).toEqual(['text/csv', 'application/octet-stream']); // few of them know CSV
    const inAddress = [...partsOf(document)].filter((part) => part['in'] === 'path');
    expect(inAddress.length).toBeGreaterThan(40);
    expect(inAddress.filter((part) => /"null"/.test(JSON.stringify(part['schema'])))).toEqual([]);
  });

  it('never shows the refresh token, and keeps the platform’s own calls to itself', () => {
    expect(text).not.toContain('refreshToken');
    expect(text).not.toContain('resolve-session');
  });

  it('says of each thing in a request that unknown fields are refused, and of replies that they may grow', () => {
    const schema = document.paths['/v1/roles']?.['post']?.requestBody?.content['application/json']?.schema;
    expect(schema?.additionalProperties).toBe(false);
    expect(document.components.schemas['Staff']?.additionalProperties).toBeUndefined();
  });
});

describe.each(routes.map((route) => [`${route.method} ${route.path}`, route] as const))('%s', (_name, route) => {
  const book = new SchemaBook();

  it('answers only codes that are in the table', () => {
    for (const code of codesOf(route)) expect([code, errorRow(code)?.status]).toEqual([code, expect.any(Number)]);
  });

  it('has examples that fit its own schemas', () => {
    for (const { schema } of repliesOf(route))
      if (schema) expect(schema.safeParse(exampleOf(book.output(schema), book))).toMatchObject({ success: true });
  });

  if (route.kind === 'rpc' || route.documented)
    it('has a sample request that it takes itself', () => {
      const [sample] = routeSamples([route]);
      const url = new URL(`http://x${sample!.url()}`);
      const params = Object.fromEntries(
        splitOf(route).path.map((param) => [
          param,
          decodeURIComponent(url.pathname.split('/')[route.path.split('/').indexOf(`:${param}`)]!),
        ]),
      );
      const plan = new InputPlan(route);
      const body = sample!.isRaw ? undefined : sample!.body;
      const input = plan.collect({ params, query: url.search.slice(1), body });
      expect(() => {
        plan.check(input);
      }).not.toThrow();
    });

  if (route.kind === 'rpc' || route.documented)
    it('explains each of its errors, with an example of the problem', () => {
      const key = `${route.method.toLowerCase()} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`;
      const responses = Object.values(operations.find((one) => one.key === key)?.operation.responses ?? {});
      const problems = responses.flatMap(({ content }) => Object.values(content?.['application/problem+json']?.examples ?? {}));
      expect(problems.map(({ value }) => value.code).sort()).toEqual([...codesOf(route)].sort());
      for (const { value } of problems) expect(Problem.safeParse(value).success).toBe(true);
    });
});
