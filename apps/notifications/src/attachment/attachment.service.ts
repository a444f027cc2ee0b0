import { DomainError, type AttachmentId, type OrgId } from '@leasewire/contracts';
import type { Call, Ids } from '@leasewire/messaging';
import { systemCause, UnitOfWork } from '@leasewire/persistence';
import { IDS } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { acceptAttachments, limits, tooMuchFor } from '../compose/attachment.rules.js';
import { ErasureService } from '../erasure/erasure.service.js';
import { MessageRepository } from '../message/message.repository.js';
import { AttachmentPartRepository, AttachmentRepository, type AttachmentDoc } from './attachment.repository.js';

export interface File {
  readonly name: string;
  readonly contentType: string;
  readonly content: Buffer;
}

/** Files of messages: they come in parts, are checked when whole, and go in the mail. */
@Injectable()
export class AttachmentService {
  constructor(
    private readonly work: UnitOfWork,
    private readonly attachments: AttachmentRepository,
    private readonly parts: AttachmentPartRepository,
    private readonly messages: MessageRepository,
    @Inject(IDS) private readonly ids: Ids,
    erasure: ErasureService,
  ) {
    erasure.also((before, most) => this.expire(before, most));
  }

  begin(name: string, call: Call): Promise<{ id: AttachmentId }> {
    return this.work.run(call, async (tx) => {
      const _id = this.ids.next('att');
      const { orgId } = call;
      await this.attachments.insert(tx, {
        _id,
        orgId,
        name,
        contentType: '',
        size: 0,
        state: 'uploading',
      });
      return { id: _id };
    });
  }

  addPart(attachmentId: AttachmentId, part: number, data: string, call: Call): Promise<Record<string, never>> {
    return this.work.run(call, async (tx) => {
      const { orgId } = call;
      await this.#uploading(orgId, attachmentId);
      if (part * data.length > limits.fileBytes * 2) throw new DomainError('payload-too-large', 'A file may have 10 MB.');
      const known = await this.parts.findOne({ orgId, attachmentId, part }, { tx });
      if (!known) await this.parts.insert(tx, { _id: `${attachmentId}:${part}`, orgId, attachmentId, part, data });
      return {};
    });
  }

  end(attachmentId: AttachmentId, count: number, call: Call) {
    return this.work.run(call, async (tx) => {
      const { orgId } = call;
      const doc = await this.#uploading(orgId, attachmentId);
      const content = await this.#content(orgId, attachmentId);
      if (content.parts !== count)
        throw new DomainError('conflict.state', `Of ${count} parts ${content.parts} have come. Send the others too.`);
      const { bytes } = content;
      const accepted = acceptAttachments([{ name: doc.name, size: bytes.length, head: bytes.subarray(0, 4096) }]);
      const [file] = 'accepted' in accepted ? accepted.accepted : [];
      if (!file)
        throw new DomainError('attachment.refused', 'problems' in accepted ? accepted.problems.join(' ') : 'It is no file.');
      await this.attachments.save(tx, { ...doc, ...file, state: 'ready' });
      return { id: attachmentId, ...file };
    });
  }

  /** Ten megabytes to a thousand people would be ten gigabytes of mail. */
  async check(
    orgId: OrgId,
    ids: readonly AttachmentId[],
    recipients: number,
  ): Promise<{ problems: string[]; docs: AttachmentDoc[] }> {
    if (ids.length === 0) return { problems: [], docs: [] };
    const docs = await this.attachments.find({ orgId, _id: { $in: [...ids] }, state: 'ready' });
    const missing = ids.length - docs.length;
    const total = docs.reduce((sum, { size }) => sum + size, 0);
    return {
      docs,
      problems: [
        ...(missing > 0 ? [`${missing} of the files are not there; upload them again.`] : []),
        ...(tooMuchFor(recipients, docs)
          ? ['To so many people only small files go, 500 kB in all. Put it where they can read it, and link to it.']
          : []),
        ...(total > limits.mailBytes ? ['Together the files are larger than the 15 MB that a mail takes.'] : []),
      ],
    };
  }

  async files(orgId: OrgId, ids: readonly AttachmentId[]): Promise<File[]> {
    const { docs } = await this.check(orgId, ids, 1);
    return Promise.all(
      docs.map(async ({ _id, name, contentType }) => ({ name, contentType, content: (await this.#content(orgId, _id)).bytes })),
    );
  }

  /** Those that came so long ago, and that no message has whose content is kept. Returns how many. */
  async expire(before: Date, most: number): Promise<number> {
    let removed = 0;
    for (const { orgId, _id } of await this.attachments.before(before, most)) {
      if (await this.messages.findOne({ orgId, attachmentIds: _id, contentGone: false })) continue;
      await this.work.run(systemCause('notifications', orgId, this.ids), async (tx) => {
        await this.parts.removeMany(tx, { orgId, attachmentId: _id });
        await this.attachments.removeMany(tx, { orgId, _id });
      });
      removed += 1;
    }
    return removed;
  }

  async #content(orgId: OrgId, attachmentId: AttachmentId): Promise<{ bytes: Buffer; parts: number }> {
    const parts = await this.parts.find({ orgId, attachmentId }, { sort: { part: 1 } });
    return { bytes: Buffer.concat(parts.map(({ data }) => Buffer.from(data, 'base64'))), parts: parts.length };
  }

  async #uploading(orgId: OrgId, _id: AttachmentId): Promise<AttachmentDoc> {
    const doc = await this.attachments.get({ orgId, _id });
    if (doc.state !== 'uploading') throw new DomainError('conflict.state', 'The file is whole already.');
    return doc;
  }
}
