import { DomainError } from '@leasewire/contracts';

/**
 * The second bolt beside SameSite: where the cookie is used, a browser must say that one of our own pages asks. Programs
 * send no Origin and have no cookie that somebody else could ride on.
 */
export class OwnOrigins {
  readonly #origins: ReadonlySet<string>;

  constructor(publicUrl: string, more: readonly string[]) {
    this.#origins = new Set([new URL(publicUrl).origin, ...more]);
  }

  assertOwn(headers: {
    readonly origin: string | undefined;
    readonly host: string | undefined;
    readonly site: string | undefined;
  }): void {
    const { origin, host, site } = headers;
    if (origin === undefined) {
      if (site === undefined || site === 'same-origin' || site === 'none') return;
    } else if (this.#origins.has(origin) || (host !== undefined && hostOf(origin) === host)) return;
    throw new DomainError('origin.refused', 'This page may not use the session. Open Leasewire itself and sign in there.', {
      origin: origin ?? site,
    });
  }
}

function hostOf(origin: string): string | undefined {
  try {
    return new URL(origin).host;
  } catch {
    return undefined;
  }
}
