import { eventually } from '@leasewire/testing';

interface Listed {
  readonly id: string;
  readonly subject: string;
}
export interface Letter extends Listed {
  readonly html: string | null;
  readonly text: string | null;
  readonly links: readonly { readonly href: string }[];
}

/** What arrived at an address, read as its owner would. */
export class Mailbox {
  constructor(private readonly url: string) {}

  async list(to: string): Promise<Listed[]> {
    const { mails } = (await (await fetch(`${this.url}/mails?to=${encodeURIComponent(to)}&order=oldest`)).json()) as {
      mails: Listed[];
    };
    return mails;
  }

  /** The newest, when there are exactly so many. */
  async letter(to: string, count = 1): Promise<Letter> {
    const mails = await eventually(
      async () => {
        const found = await this.list(to);
        expect(found).toHaveLength(count);
        return found;
      },
      { timeoutMs: 30_000, everyMs: 200 },
    );
    return (await (await fetch(`${this.url}/mails/${mails.at(-1)!.id}`)).json()) as Letter;
  }
}

/** Where the button of a welcome mail leads. */
export const activationLink = (letter: Letter): string => linkIn(letter, '/activate/');

export function linkIn({ links, text }: Letter, path: string): string {
  const found = links.find(({ href }) => href.includes(path));
  if (found === undefined) throw new Error(`there is no link to ${path} in ${JSON.stringify({ links, text })}`);
  return found.href;
}
