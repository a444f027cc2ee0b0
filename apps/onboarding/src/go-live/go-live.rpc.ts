import {
  cancelGoLive,
  estimateGoLive,
  estimateStartMails,
  getGoLive,
  listGoLivePeople,
  listGoLives,
  startGoLive,
  type ParsedInputOf,
} from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { GoLiveListService } from './go-live-list.service.js';
import { GoLiveService } from './go-live.service.js';

@Controller()
export class GoLiveRpc {
  constructor(
    private readonly goLives: GoLiveService,
    private readonly lists: GoLiveListService,
  ) {}

  @Rpc(estimateGoLive)
  async estimate(input: ParsedInputOf<typeof estimateGoLive>, call: Call) {
    return this.goLives.estimate(input, call);
  }

  @Rpc(estimateStartMails)
  async startMails({ propertyId }: ParsedInputOf<typeof estimateStartMails>, call: Call) {
    return this.goLives.startMails(propertyId, call);
  }

  @Rpc(startGoLive)
  async start(input: ParsedInputOf<typeof startGoLive>, call: Call) {
    return this.goLives.start(input, call);
  }

  @Rpc(cancelGoLive)
  async cancel({ goLiveId }: ParsedInputOf<typeof cancelGoLive>, call: Call) {
    return this.goLives.cancel(goLiveId, call);
  }

  @Rpc(getGoLive)
  async get({ goLiveId }: ParsedInputOf<typeof getGoLive>, call: Call) {
    return this.goLives.get(goLiveId, call);
  }

  @Rpc(listGoLives)
  async list(input: ParsedInputOf<typeof listGoLives>, call: Call) {
    return this.lists.list(input, call);
  }

  @Rpc(listGoLivePeople)
  async people(input: ParsedInputOf<typeof listGoLivePeople>, call: Call) {
    return this.lists.people(input, call);
  }
}
