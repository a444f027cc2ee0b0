import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { DomainError } from '@leasewire/contracts';
import { Injectable } from '@nestjs/common';
import type { Answer } from '../routing/answer.js';
import { ApiDocument } from './api-document.js';
import { docsPage, errorsPage, icon, initializer, pageStyle } from './pages.js';

/** Asked of Node: what the package says of itself holds only where its code stands in its folder, which a bundle is not (decision 016). */
const packageFolder = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

const types: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
};
/** Of the package, only what the page loads. */
const fromPackage = new Set(['swagger-ui.css', 'swagger-ui-bundle.js']);
const own: Readonly<Record<string, string>> = { 'initializer.js': initializer, 'page.css': pageStyle };

/** Everything comes from here: nothing is fetched from elsewhere, and no script stands in a page. */
const policy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
const html = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': policy,
  'cache-control': 'no-cache',
} as const;

@Injectable()
export class DocsHandlers {
  readonly #files = new Map<string, Promise<Buffer>>();

  constructor(private readonly document: ApiDocument) {}

  openApi(): Answer {
    return {
      status: 200,
      headers: { 'content-type': 'application/json', 'cache-control': 'no-cache' },
      body: this.document.text,
    };
  }

  page(): Answer {
    return { status: 200, headers: html, body: docsPage };
  }

  errors(): Answer {
    return { status: 200, headers: html, body: errorsPage() };
  }

  /** Browsers ask every host for it, whatever the page says; they take a drawing under this name. */
  icon(): Answer {
    return { status: 200, headers: { 'content-type': 'image/svg+xml', 'cache-control': 'public, max-age=86400' }, body: icon };
  }

  home(): Answer {
    return { status: 302, headers: { location: '/docs' } };
  }

  async asset(file: string): Promise<Answer> {
    const type = types[file.slice(file.lastIndexOf('.') + 1)];
    const content = own[file] ?? (fromPackage.has(file) ? await this.#read(file) : undefined);
    if (content === undefined || type === undefined) throw new DomainError('not-found', 'There is no such file.');
    return { status: 200, headers: { 'content-type': type, 'cache-control': 'public, max-age=3600' }, body: content };
  }

  #read(file: string): Promise<Buffer> {
    const known = this.#files.get(file);
    if (known) return known;
    const read = readFile(join(packageFolder, file));
    this.#files.set(file, read);
    return read;
  }
}
