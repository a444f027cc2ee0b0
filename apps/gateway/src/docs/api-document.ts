import { openApiDocument, type DocumentOptions } from '../openapi/document.js';
import type { RouteGroup } from '../routing/route.js';

/** The API document as text, made when it is first asked for. */
export class ApiDocument {
  #text: string | undefined;

  constructor(
    private readonly groups: () => readonly RouteGroup[],
    private readonly options: DocumentOptions,
  ) {}

  get text(): string {
    return (this.#text ??= JSON.stringify(openApiDocument(this.groups(), this.options)));
  }
}
