import { type OutputOf, type ParsedInputOf, type RpcContract } from '@leasewire/contracts';
import type { Call } from './call.js';

type Accepts<M, C extends RpcContract> = M extends (...args: infer A) => Promise<infer R>
  ? [ParsedInputOf<C>, Call] extends A
    ? [R] extends [OutputOf<C>]
      ? unknown
      : { readonly wrong: 'the method must resolve to the output of its contract'; readonly wants: OutputOf<C> }
    : { readonly wrong: 'the method must take (input of its contract, Call)'; readonly wants: ParsedInputOf<C> }
  : { readonly wrong: 'the method must be async' };

export type RpcMethodDecorator<C extends RpcContract> = <M>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<M> & Accepts<M, C>,
) => void;

export function Rpc<C extends RpcContract>(contract: C): RpcMethodDecorator<C> {
  return () => {
    throw new Error(`not built yet: ${contract.name}`);
  };
}
