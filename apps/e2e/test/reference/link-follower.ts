interface Shown {
  readonly status: number;
  readonly text: string;
  readonly location: string | null;
}

/** Somebody with a browser who follows the link of their mail: looks, types a password twice, agrees, sends the form. */
export class LinkFollower {
  readonly #cookies = new Map<string, string>();

  constructor(private readonly url: string) {}

  /** A link of a mail, at the gateway of the test: mails name the public address of the deployment. */
  async open(link: string): Promise<Shown> {
    const { pathname, search } = new URL(link, this.url);
    return this.#ask(pathname + search, {});
  }

  async activate(link: string, password: string): Promise<Shown> {
    return this.submit(link, { password, repeated: password, terms: 'as shown' });
  }

  /** Opens the page, fills in its form and sends it; resolves to where that leads. */
  async submit(link: string, typed: Readonly<Record<string, string>>): Promise<Shown> {
    const { text } = await this.open(link);
    const hidden = (name: string): string => new RegExp(`name="${name}"[^>]*? value="([^"]*)"`).exec(text)?.[1] ?? '';
    const body = new URLSearchParams({
      form: hidden('form'),
      ...(text.includes('name="username"') && { username: hidden('username') }),
      ...(text.includes('type="hidden" name="language"') && { language: hidden('language') }),
      ...typed,
      ...(typed['terms'] !== undefined && { terms: hidden('terms') }),
    });
    const sent = await this.#ask(new URL(link, this.url).pathname, { method: 'POST', body });
    if (sent.status >= 400) throw new Error(`the form was answered ${sent.status}: ${sent.text.slice(0, 2000)}`);
    return sent.location === null ? sent : this.#ask(sent.location, {});
  }

  async #ask(path: string, init: RequestInit): Promise<Shown> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(`${this.url}${path}`, {
      ...init,
      redirect: 'manual',
      headers: { 'accept-language': 'en', ...(cookie !== '' && { cookie }) },
      signal: AbortSignal.timeout(30_000),
    });
    for (const set of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      this.#cookies.set(name, value);
    }
    return { status: response.status, text: await response.text(), location: response.headers.get('location') };
  }
}
