import { explainMissing, LeftOut, listLeftOut } from '@leasewire/contracts';
import { Assertions, RpcClient } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import type { Caller } from '../auth/caller.js';
import { json, type Answer } from '../routing/answer.js';
import type { Exchange } from '../routing/exchange.js';

export const Missing = explainMissing.output.extend({
  leftOut: z
    .array(LeftOut)
    .max(20)
    .describe(
      'Whom the PMS lists in the property and who was not taken over, with why; without `propertyId` nobody is looked for',
    ),
});

/** Directory knows who was ever taken over, pms-sync whom it left out. */
@Injectable()
export class MissingHandlers {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
  ) {}

  async explain(exchange: Exchange, asked: z.output<typeof explainMissing.input>, caller: Caller): Promise<Answer> {
    const { search, propertyId } = asked;
    const via = () => ({
      assertion: caller.assertion(this.assertions, performance.now()),
      correlationId: exchange.correlationId,
    });
    const [known, left] = await Promise.all([
      this.rpc.call(explainMissing, asked, via()),
      propertyId === undefined ? { items: [] } : this.rpc.call(listLeftOut, { search, propertyId }, via()),
    ]);
    return json(200, { ...known, leftOut: left.items });
  }
}
