import {
  cancelMessage,
  copyMessage,
  createMessage,
  editMessage,
  getMessage,
  listMessages,
  listUnreached,
  pauseMessage,
  previewMessage,
  resumeMessage,
  testMessage,
  type ParsedInputOf,
} from '@leasewire/contracts';
import { Rpc, type Call } from '@leasewire/messaging';
import { Controller } from '@nestjs/common';
import { HistoryService } from './history.service.js';
import { MessageService } from './message.service.js';
import { PreviewService } from './preview.service.js';
import { TestService } from './test.service.js';

@Controller()
export class MessageRpc {
  constructor(
    private readonly messages: MessageService,
    private readonly previews: PreviewService,
    private readonly history: HistoryService,
    private readonly tests: TestService,
  ) {}

  @Rpc(previewMessage)
  async preview(input: ParsedInputOf<typeof previewMessage>, call: Call) {
    return this.previews.preview(input, call);
  }

  @Rpc(listUnreached)
  async unreached(input: ParsedInputOf<typeof listUnreached>, call: Call) {
    return this.previews.unreached(input, call);
  }

  @Rpc(createMessage)
  async create(input: ParsedInputOf<typeof createMessage>, call: Call) {
    return this.messages.create(input, call);
  }

  @Rpc(editMessage)
  async edit(input: ParsedInputOf<typeof editMessage>, call: Call) {
    return this.messages.edit(input, call);
  }

  @Rpc(cancelMessage)
  async cancel({ messageId, version }: ParsedInputOf<typeof cancelMessage>, call: Call) {
    return this.messages.cancel(messageId, version, call);
  }

  @Rpc(pauseMessage)
  async pause({ messageId, version }: ParsedInputOf<typeof pauseMessage>, call: Call) {
    return this.messages.pause(messageId, version, call);
  }

  @Rpc(resumeMessage)
  async resume({ messageId, version }: ParsedInputOf<typeof resumeMessage>, call: Call) {
    return this.messages.resume(messageId, version, call);
  }

  @Rpc(listMessages)
  async list(input: ParsedInputOf<typeof listMessages>, call: Call) {
    return this.history.list(input, call);
  }

  @Rpc(getMessage)
  async get({ messageId }: ParsedInputOf<typeof getMessage>, call: Call) {
    return this.history.get(messageId, call);
  }

  @Rpc(copyMessage)
  async copy(input: ParsedInputOf<typeof copyMessage>, call: Call) {
    return this.history.copy(input, call);
  }

  @Rpc(testMessage)
  async test(input: ParsedInputOf<typeof testMessage>, call: Call) {
    return this.tests.send(input, call);
  }
}
