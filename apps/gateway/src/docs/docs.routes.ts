import { z } from 'zod';
import { defineRoutes, nothing, openRoute } from '../routing/route.js';
import { DocsHandlers } from './docs.handlers.js';

const AssetInput = z.object({ file: z.string().max(60) });
const page = { type: 'text/html', describe: 'A page' } as const;

export const docsRoutes = defineRoutes('Documentation', 'This document.', [
  openRoute(
    'GET',
    '/v1/openapi.json',
    {
      operationId: 'getOpenApi',
      summary: 'This document',
      input: nothing,
      replies: [{ status: 200, describe: 'OpenAPI 3.1', type: 'application/json', schema: z.record(z.string(), z.unknown()) }],
    },
    (resolve) => {
      const handlers = resolve(DocsHandlers);
      return () => handlers.openApi();
    },
  ),
  openRoute(
    'GET',
    '/docs',
    { operationId: 'showDocs', summary: 'The pages', input: nothing, replies: [{ status: 200, ...page }], documented: false },
    (resolve) => {
      const handlers = resolve(DocsHandlers);
      return () => handlers.page();
    },
  ),
  openRoute(
    'GET',
    '/docs/errors',
    { operationId: 'showErrors', summary: 'Every code', input: nothing, replies: [{ status: 200, ...page }], documented: false },
    (resolve) => {
      const handlers = resolve(DocsHandlers);
      return () => handlers.errors();
    },
  ),
  openRoute(
    'GET',
    '/docs/assets/:file',
    {
      operationId: 'getDocsAsset',
      summary: 'What the pages load',
      input: AssetInput,
      replies: [{ status: 200, ...page }],
      documented: false,
    },
    (resolve) => {
      const handlers = resolve(DocsHandlers);
      return (_exchange, { file }) => handlers.asset(file);
    },
  ),
  openRoute(
    'GET',
    '/favicon.ico',
    { operationId: 'getIcon', summary: 'The icon', input: nothing, replies: [{ status: 200, ...page }], documented: false },
    (resolve) => {
      const handlers = resolve(DocsHandlers);
      return () => handlers.icon();
    },
  ),
  openRoute(
    'GET',
    '/',
    {
      operationId: 'showHome',
      summary: 'Leads to the pages',
      input: nothing,
      replies: [{ status: 302, ...page }],
      documented: false,
    },
    (resolve) => {
      const handlers = resolve(DocsHandlers);
      return () => handlers.home();
    },
  ),
]);
