import { listSavedViews, removeView, saveView, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { SavedViewService } from './saved-view.service.js';

@Controller()
export class SavedViewRpc {
  constructor(private readonly views: SavedViewService) {}

  @Rpc(listSavedViews)
  async list(input: ParsedInputOf<typeof listSavedViews>, call: Call) {
    return this.views.list(input, call);
  }

  @Rpc(saveView)
  async save(input: ParsedInputOf<typeof saveView>, call: Call) {
    return this.views.save(input, call);
  }

  @Rpc(removeView)
  async remove({ id }: ParsedInputOf<typeof removeView>, call: Call) {
    return this.views.remove(id, call);
  }
}
