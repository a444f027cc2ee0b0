import { deadLetterRpcs, type ParsedInputOf } from '@leasewire/contracts';
import { DeadLetters, Rpc } from '@leasewire/messaging';
import { Controller, Inject, type Type } from '@nestjs/common';

type Rpcs = ReturnType<typeof deadLetterRpcs>;
type In<K extends keyof Rpcs> = ParsedInputOf<Rpcs[K]>;

/** What every service with handlers answers about what they could not handle. */
export function deadLetterRpcController(service: string): Type {
  const rpcs = deadLetterRpcs(service);

  @Controller()
  class DeadLetterRpc {
    constructor(@Inject(DeadLetters) private readonly letters: DeadLetters) {}

    @Rpc(rpcs.list)
    list(filter: In<'list'>) {
      return this.letters.list(filter);
    }

    @Rpc(rpcs.show)
    show({ seq }: In<'show'>) {
      return this.letters.show(seq);
    }

    @Rpc(rpcs.replay)
    replay(choice: In<'replay'>) {
      return this.letters.replay(choice);
    }

    @Rpc(rpcs.drop)
    drop(choice: In<'drop'>) {
      return this.letters.drop(choice);
    }
  }
  return DeadLetterRpc;
}
