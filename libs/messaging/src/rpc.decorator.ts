import { rpcSubject, type OutputOf, type ParsedInputOf, type RpcContract } from '@leasewire/contracts';
import { Catch, UseFilters, type RpcExceptionFilter } from '@nestjs/common';
import { Ctx, MessagePattern, Payload, Transport } from '@nestjs/microservices';
import { throwError, type Observable } from 'rxjs';
import type { Call } from './call.js';

/** What `Accepts` leaves of a method that does not fit is named so that the compiler's message says what is wrong. */
type Accepts<M, C extends RpcContract> = M extends (...args: infer A) => Promise<infer R>
  ? [ParsedInputOf<C>, Call] extends Padded<A>
    ? [R] extends [OutputOf<C>]
      ? unknown
      : { readonly wrong: 'the method must resolve to the output of its contract'; readonly wants: OutputOf<C> }
    : { readonly wrong: 'the method must take (input of its contract, Call)'; readonly wants: ParsedInputOf<C> }
  : { readonly wrong: 'the method must be async' };

/** A method may take fewer parameters. */
type Padded<A extends readonly unknown[]> = A extends readonly []
  ? [unknown, unknown]
  : A extends readonly [infer I]
    ? [I, unknown]
    : A;

export type RpcMethodDecorator<C extends RpcContract> = <M>(
  target: object,
  key: string,
  descriptor: TypedPropertyDescriptor<M> & Accepts<M, C>,
) => void;

/** Nest's own filter turns every error into “Internal server error” before a transport sees it. */
@Catch()
export class PassErrorsOn implements RpcExceptionFilter {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}

export interface RpcExtras {
  readonly rpc: RpcContract;
}

/**
 * Makes a method answer a contract: `(input, call) => Promise<output>`. Before it runs, the server has verified who calls,
 * checked the contract's permission and parsed the input.
 */
export function Rpc<C extends RpcContract>(contract: C): RpcMethodDecorator<C> {
  return (target, key, descriptor) => {
    Payload()(target, key, 0);
    Ctx()(target, key, 1);
    UseFilters(new PassErrorsOn())(target, key, descriptor);
    MessagePattern(rpcSubject(contract), Transport.NATS, { rpc: contract } satisfies RpcExtras)(target, key, descriptor);
  };
}
