import type { EventContract, Fact } from '@leasewire/contracts';

export interface OnEventOptions {
  /** Names the handler: its place in the stream and its inbox rows hang on it. Never rename it. */
  readonly durable: string;
  readonly concurrency?: number;
  readonly ackWaitMs?: number;
  readonly maxDeliver?: number;
  readonly backoffMs?: readonly number[];
}

type Accepts<M, F> = M extends (...args: infer A) => Promise<void>
  ? [F] extends A
    ? unknown
    : { readonly wrong: 'the method must take the Fact of its contract'; readonly wants: F }
  : { readonly wrong: 'the method must be async and return nothing' };

export type EventMethodDecorator<F> = <M>(
  target: object,
  key: string | symbol,
  descriptor: TypedPropertyDescriptor<M> & Accepts<M, F>,
) => void;

export function OnEvent<C extends EventContract>(contract: C, options: OnEventOptions): EventMethodDecorator<Fact<C>> {
  return () => {
    throw new Error(`not built yet: ${contract.type} ${options.durable}`);
  };
}

/** For those who take everything (audit): one durable consumer on the stream of every service. */
export function OnEveryEvent(options: OnEventOptions): EventMethodDecorator<Fact> {
  return () => {
    throw new Error(`not built yet: ${options.durable}`);
  };
}
