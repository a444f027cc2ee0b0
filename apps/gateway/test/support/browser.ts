import { ask, type Asked, type Reply } from './gateway.js';

/** As a browser does: keeps cookies, fills in a form of the page it has, follows where it is sent. */
export class Browser {
  readonly cookies = new Map<string, string>();
  page: Reply = { status: 0, headers: new Headers(), body: {} as Reply['body'], text: '' };

  constructor(
    readonly url: string,
    readonly headers: Readonly<Record<string, string>> = {},
  ) {}

  async open(path: string): Promise<Reply> {
    return this.#send(path, {});
  }

  /** Sends the form with this action, as it stands there and with what is typed. */
  async submit(
    path: string,
    typed: Readonly<Record<string, string>> = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Reply> {
    const fields = { ...this.fieldsOf(path), ...typed };
    const from = { origin: 'null', 'sec-fetch-site': 'same-origin', 'content-type': 'application/x-www-form-urlencoded' };
    return this.#send(path, { method: 'POST', headers: { ...from, ...headers }, body: new URLSearchParams(fields) });
  }

  /** What a form holds before anybody typed anything: unticked boxes and buttons are not sent. */
  fieldsOf(path: string): Record<string, string> {
    const forms = [...this.page.text.matchAll(/<form method="post"(?: action="([^"]*)")?[^>]*>([\s\S]*?)<\/form>/g)];
    const own = forms.find(([, action]) => action === path) ?? forms.find(([, action]) => action === undefined);
    const form = own?.[2] ?? '';
    const inputs = [...form.matchAll(/<input [^>]*>/g)].map(([tag]) => ({
      name: /name="([^"]*)"/.exec(tag)?.[1] ?? '',
      value: /value="([^"]*)"/.exec(tag)?.[1] ?? '',
      ticked: !tag.includes('type="checkbox"'),
    }));
    return Object.fromEntries(inputs.filter(({ ticked }) => ticked).map(({ name, value }) => [name, value]));
  }

  async follow(): Promise<Reply> {
    const place = this.page.headers.get('location');
    if (this.page.status !== 303 || place === null)
      throw new Error(`there is nowhere to go: ${this.page.status} ${this.page.text.slice(0, 400)}`);
    return this.open(place);
  }

  async #send(path: string, init: Asked): Promise<Reply> {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    this.page = await ask(this.url, path, {
      ...init,
      headers: { ...this.headers, ...(cookie !== '' && { cookie }), ...init.headers },
    });
    for (const set of this.page.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(set) ?? [];
      if (/Max-Age=0/.test(set)) this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return this.page;
  }
}
