/** A cookie that no script reads and that other sites cannot have sent with a form; links to our pages may bring it. */
export class PageCookie {
  readonly #name: string;

  constructor(
    name: string,
    private readonly secure: boolean,
  ) {
    // The prefix makes browsers insist on https, on this host and on no other; over plain http, in development, it cannot be used.
    this.#name = secure ? `__Host-${name}` : name;
  }

  /** Without an end it goes when the browser is closed. */
  set(value: string, expiresAt?: string): string {
    const until = expiresAt === undefined ? '' : `; Expires=${new Date(expiresAt).toUTCString()}`;
    return `${this.#name}=${value}; ${this.#attributes}${until}`;
  }

  clear(): string {
    return `${this.#name}=; ${this.#attributes}; Max-Age=0`;
  }

  read(header: string | undefined): string | undefined {
    for (const part of header?.split(';') ?? []) {
      const at = part.indexOf('=');
      if (part.slice(0, at).trim() === this.#name) return part.slice(at + 1).trim() || undefined;
    }
    return undefined;
  }

  get #attributes(): string {
    return `Path=/; HttpOnly; SameSite=Lax${this.secure ? '; Secure' : ''}`;
  }
}

/** The cookies of residents, apart from that of staff: a browser may hold both. */
export class ResidentCookies {
  readonly session: PageCookie;
  readonly device: PageCookie;
  readonly form: PageCookie;
  /** Of staff who look at what a resident sees. */
  readonly look: PageCookie;

  constructor(secure: boolean) {
    this.session = new PageCookie('leasewire-resident', secure);
    this.device = new PageCookie('leasewire-device', secure);
    this.form = new PageCookie('leasewire-form', secure);
    this.look = new PageCookie('leasewire-look', secure);
  }
}
