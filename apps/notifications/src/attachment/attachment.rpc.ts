import { addAttachmentPart, beginAttachment, endAttachment, type ParsedInputOf } from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { AttachmentService } from './attachment.service.js';

@Controller()
export class AttachmentRpc {
  constructor(private readonly attachments: AttachmentService) {}

  @Rpc(beginAttachment)
  async begin({ name }: ParsedInputOf<typeof beginAttachment>, call: Call) {
    return this.attachments.begin(name, call);
  }

  @Rpc(addAttachmentPart)
  async addPart({ attachmentId, part, data }: ParsedInputOf<typeof addAttachmentPart>, call: Call) {
    return this.attachments.addPart(attachmentId, part, data, call);
  }

  @Rpc(endAttachment)
  async end({ attachmentId, parts }: ParsedInputOf<typeof endAttachment>, call: Call) {
    return this.attachments.end(attachmentId, parts, call);
  }
}
