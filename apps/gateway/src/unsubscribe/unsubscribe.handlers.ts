import { DomainError, showUnsubscribe, unsubscribe, type InputOf } from '@leasewire/contracts';
import { Assertions, RpcClient, type CallOptions } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import { languageOf, languages, type Language } from '../resident-pages/texts/languages.js';
import type { Answer } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';
import { choicesOf, UnsubscribePage } from './unsubscribe-page.js';
import type { UnsubscribeForm } from './unsubscribe.routes.js';

@Injectable()
export class UnsubscribeHandlers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    private readonly page: UnsubscribePage,
  ) {}

  /** GET and HEAD /u/:token: whatever opens links opens this too, so it changes nothing. */
  show(exchange: Exchange, { token }: { token: string }): Promise<Answer> {
    return this.#answer(exchange, async (language) => this.page.form(language, await this.#facts(exchange, token)));
  }

  /** POST /u/:token. Nothing is chosen beforehand: a form that is sent as it came changes nothing. */
  act(exchange: Exchange, { token, choice, 'List-Unsubscribe': button }: z.output<typeof UnsubscribeForm>): Promise<Answer> {
    return this.#answer(exchange, async (language) => {
      if (button === 'One-Click') {
        const wording = 'The button of the mailbox (List-Unsubscribe=One-Click)';
        const facts = await this.#say(exchange, { token, how: 'one-click', choice: 'stop', wording });
        return this.page.done(language, facts, 'stop');
      }
      const facts = await this.#facts(exchange, token);
      const chosen = choicesOf(language, facts).find(({ value }) => value === choice);
      if (chosen === undefined) return this.page.form(language, facts, languages[language].mails.chooseFirst);
      const said = { token, how: 'unsubscribe-page', choice: chosen.value, wording: chosen.words } as const;
      return this.page.done(language, await this.#say(exchange, said), chosen.value);
    });
  }

  async #answer(exchange: Exchange, make: (language: Language) => Promise<Answer>): Promise<Answer> {
    const language = languageOf(null, exchange.header('accept-language'));
    try {
      return await make(language);
    } catch (error) {
      if (error instanceof DomainError) return this.page.failed(language, error);
      throw error;
    }
  }

  #facts(exchange: Exchange, token: string) {
    const known = showUnsubscribe.input.safeParse({ token });
    if (!known.success)
      throw new DomainError('unsubscribe.invalid', 'This link is not complete. Open it from the mail, or copy all of it.');
    return this.rpc.call(showUnsubscribe, { token }, this.#asGateway(exchange));
  }

  #say(exchange: Exchange, said: InputOf<typeof unsubscribe>) {
    if (!unsubscribe.input.safeParse(said).success)
      throw new DomainError('unsubscribe.invalid', 'This link is not complete. Open it from the mail, or copy all of it.');
    return this.rpc.call(unsubscribe, said, this.#asGateway(exchange));
  }

  #asGateway({ correlationId, traceparent }: Exchange): CallOptions {
    return { assertion: this.assertions.forService(null), correlationId, ...(traceparent !== undefined && { traceparent }) };
  }
}
