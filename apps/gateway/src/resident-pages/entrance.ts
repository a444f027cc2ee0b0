import { signInResident, type PersonId, type ResidentSignedIn } from '@leasewire/contracts';
import { RpcClient } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import type { Answered } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';
import { clientOf } from '../sessions/session.handlers.js';
import { goTo } from './frame.js';
import { ResidentCookies } from './resident-cookies.js';
import { ResidentVisits } from './resident-visits.js';

/** How somebody comes in, by whatever page: the session of identity, kept in cookies. */
@Injectable()
export class Entrance {
  constructor(
    private readonly rpc: RpcClient,
    private readonly visits: ResidentVisits,
    private readonly cookies: ResidentCookies,
  ) {}

  async signIn(exchange: Exchange, email: string, password: string): Promise<Answered> {
    const proof = { email, password, ...this.client(exchange) };
    return this.welcome(await this.rpc.call(signInResident, proof, this.visits.asGateway(exchange)));
  }

  /** Who has just set a password is in; where that fails, they sign in by hand. */
  async withNewPassword(
    exchange: Exchange,
    account: { readonly email: string; readonly personId: PersonId },
    password: string,
  ): Promise<Answered> {
    return (await this.ifItFits(exchange, account, password)) ?? goTo('/sign-in');
  }

  /** null: they are not let in, whatever the reason. */
  async ifItFits(
    exchange: Exchange,
    { email, personId }: { readonly email: string; readonly personId: PersonId },
    password: string,
  ): Promise<Answered | null> {
    try {
      const proof = { email, password, personId, ...this.client(exchange) };
      return this.welcome(await this.rpc.call(signInResident, proof, this.visits.asGateway(exchange)));
    } catch {
      return null;
    }
  }

  client(exchange: Exchange) {
    return { ...clientOf(exchange), ...this.#device(exchange) };
  }

  welcome({ refreshToken, refreshExpiresAt, deviceToken }: ResidentSignedIn): Answered {
    const halfAYear = new Date(Date.parse(refreshExpiresAt) + 170 * 86_400_000).toISOString();
    return goTo('/my', [
      this.cookies.session.set(refreshToken, refreshExpiresAt),
      this.cookies.device.set(deviceToken, halfAYear),
      this.cookies.look.clear(),
    ]);
  }

  #device(exchange: Exchange): { deviceToken?: string } {
    const deviceToken = this.cookies.device.read(exchange.header('cookie'));
    return deviceToken === undefined || deviceToken.length > 1000 ? {} : { deviceToken };
  }
}
