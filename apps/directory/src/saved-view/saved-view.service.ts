import {
  DomainError,
  SavedView,
  type ActorRef,
  type OutputOf,
  type listSavedViews,
  type ParsedInputOf,
  type saveView,
  type SavedViewId,
} from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { UnitOfWork, type Tx } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { fold } from '../search-words.rules.js';
import { SavedViewRepository, type SavedViewDoc } from './saved-view.repository.js';

/** Everybody sees the shared ones; only who saved a view changes or removes it. */
@Injectable()
export class SavedViewService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly views: SavedViewRepository,
    @Inject(IDS) private readonly ids: Ids,
  ) {}

  async list({ list }: ParsedInputOf<typeof listSavedViews>, { orgId, actor }: Call) {
    const seen = { $or: [{ owner: actor.ref }, { shared: true }] };
    const docs = await this.views.find({ orgId, ...seen, ...(list !== undefined && { list }) }, { sort: { nameKey: 1, _id: 1 } });
    return { items: docs.map((doc) => shown(doc, actor.ref)) };
  }

  save({ id, name, list, query, shared }: ParsedInputOf<typeof saveView>, call: Call): Promise<OutputOf<typeof saveView>> {
    const { orgId, actor } = call;
    const said = { name, nameKey: fold(name), list, query: JSON.stringify(query), shared };
    return this.work.run(call, async (tx) => {
      const saved =
        id === undefined
          ? await this.views.insert(tx, { _id: this.ids.next('view'), orgId, owner: actor.ref, ...said })
          : await this.views.save(tx, { ...(await this.#own(tx, id, call)), ...said });
      return shown(saved, actor.ref);
    });
  }

  remove(id: SavedViewId, call: Call): Promise<Record<string, never>> {
    return this.work.run(call, async (tx) => {
      const { orgId, _id } = await this.#own(tx, id, call);
      await this.views.remove(tx, { orgId, _id });
      return {};
    });
  }

  async #own(tx: Tx, _id: SavedViewId, { orgId, actor }: Call): Promise<SavedViewDoc> {
    const own = await this.views.findOne({ orgId, _id, owner: actor.ref }, { tx });
    if (!own) throw new DomainError('not-found', 'There is no such view of yours; views of others can only be looked at.');
    return own;
  }
}

const Query = SavedView.shape.query;
const shown = (
  { _id, owner, name, list, query, shared, version }: SavedViewDoc,
  reader: ActorRef,
): OutputOf<typeof saveView> => ({
  id: _id,
  name,
  list,
  query: Query.parse(JSON.parse(query)),
  shared,
  mine: owner === reader,
  version,
});
