/**
 * The refresh token of a browser lives in a cookie that no script can read, that goes to /v1/sessions only, and that other
 * sites cannot make a browser send.
 */
export class SessionCookie {
  readonly name: string;

  constructor(private readonly secure: boolean) {
    // The prefix makes browsers insist on https; over plain http, in development, it cannot be used.
    this.name = secure ? '__Secure-leasewire-session' : 'leasewire-session';
  }

  set(token: string, expiresAt: string): string {
    return `${this.name}=${token}; ${this.#attributes}; Expires=${new Date(expiresAt).toUTCString()}`;
  }

  clear(): string {
    return `${this.name}=; ${this.#attributes}; Max-Age=0`;
  }

  read(header: string | undefined): string | undefined {
    for (const part of header?.split(';') ?? []) {
      const at = part.indexOf('=');
      if (part.slice(0, at).trim() === this.name) return part.slice(at + 1).trim() || undefined;
    }
    return undefined;
  }

  get #attributes(): string {
    return `Path=/v1/sessions; HttpOnly; SameSite=Strict${this.secure ? '; Secure' : ''}`;
  }
}
