import { chooseResident, PersonId, ResidentChoice } from '@leasewire/contracts';
import { RpcClient } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import type { z } from 'zod';
import type { Answered } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';
import { choosePage, signInPage } from './entry-pages.js';
import { Entrance } from './entrance.js';
import { FormGuard } from './form-guard.js';
import { goTo } from './frame.js';
import { ResidentVisits } from './resident-visits.js';
import type { ChooseForm, SignInForm } from './resident.routes.js';
import { languages } from './texts/languages.js';
import { any, asDomainError, codeOf, secondsOf, typedEmail, typedPassword } from './typed.js';

/** Signing in by hand, and saying which of those who share an address and a password one is. */
@Injectable()
export class SignInHandlers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly visits: ResidentVisits,
    private readonly forms: FormGuard,
    private readonly entrance: Entrance,
  ) {}

  async show(exchange: Exchange, note: 'signed-out' | 'session-over' | undefined): Promise<Answered> {
    if (note === undefined && (await this.visits.of(exchange)) !== null) return goTo('/my');
    return signInPage(this.visits.setting(exchange), note === undefined ? {} : { note });
  }

  async signIn(exchange: Exchange, { form, email: typed, password }: z.output<typeof SignInForm>): Promise<Answered> {
    this.forms.assertOwn(exchange, form);
    const setting = this.visits.setting(exchange);
    const t = languages[setting.language];
    const read = typedEmail(t, typed);
    const problems = { email: 'problem' in read ? read.problem : undefined, password: typedPassword(t, password) };
    if ('problem' in read || any(problems)) return signInPage(setting, { problems, email: typed });
    try {
      return await this.entrance.signIn(exchange, read.email, password);
    } catch (error) {
      if (codeOf(error) === 'sign-in.refused') return signInPage(setting, { email: typed, note: 'refused' });
      if (codeOf(error) === 'sign-in.throttled') return signInPage(setting, { email: typed, waitSeconds: secondsOf(error) });
      const choice = codeOf(error) === 'resident.choose-person' && ResidentChoice.safeParse(asDomainError(error).details);
      if (choice && choice.success) return choosePage(setting, choice.data);
      throw error;
    }
  }

  async choose(exchange: Exchange, { form, choice, person }: z.output<typeof ChooseForm>): Promise<Answered> {
    this.forms.assertOwn(exchange, form);
    const personId = PersonId.safeParse(person).data;
    const setting = this.visits.setting(exchange);
    if (personId === undefined || choice === '') return signInPage(setting);
    try {
      const input = { choice, personId, ...this.entrance.client(exchange) };
      return this.entrance.welcome(await this.rpc.call(chooseResident, input, this.visits.asGateway(exchange)));
    } catch (error) {
      if (codeOf(error) === 'sign-in.refused') return signInPage(setting, { note: 'session-over' });
      throw error;
    }
  }
}
