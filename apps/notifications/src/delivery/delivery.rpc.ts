import { getDelivery, listDeliveries, resolveDelivery, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { DeliveryService } from './delivery.service.js';

@Controller()
export class DeliveryRpc {
  constructor(private readonly deliveries: DeliveryService) {}

  @Rpc(listDeliveries)
  async list(input: ParsedInputOf<typeof listDeliveries>, call: Call) {
    return this.deliveries.list(input, call);
  }

  @Rpc(getDelivery)
  async get({ deliveryId }: ParsedInputOf<typeof getDelivery>, call: Call) {
    return this.deliveries.get(deliveryId, call);
  }

  @Rpc(resolveDelivery)
  async resolve(input: ParsedInputOf<typeof resolveDelivery>, call: Call) {
    return this.deliveries.resolve(input, call);
  }
}
