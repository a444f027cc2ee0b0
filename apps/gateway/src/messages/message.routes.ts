import {
  addAttachmentPart,
  beginAttachment,
  cancelMessage,
  copyMessage,
  createMessage,
  editMessage,
  endAttachment,
  getDelivery,
  getMessage,
  listDeliveries,
  listMessages,
  listUnreached,
  pauseMessage,
  previewMessage,
  resolveDelivery,
  resumeMessage,
  testMessage,
} from '@leasewire/contracts';
import { defineRoutes, get, post, put } from '../routing/route.js';

const whenVersionIsGiven = { field: 'version', required: false };

export const messageRoutes = defineRoutes(
  'Messages',
  'Messages to residents: preview, send now or at a local time, and what became of each. Preview first; its token is what you confirm.',
  [
    get('/messages', listMessages, { summary: 'List messages' }),
    post('/messages/preview', previewMessage, { summary: 'Who would receive it, who would not, and how it looks' }),
    post('/messages/unreached', listUnreached, { summary: 'All who would not receive it' }),
    post('/messages/test', testMessage, { summary: 'Send it to oneself', status: 202 }),
    post('/messages', createMessage, { summary: 'Send what was previewed', status: 201, location: '/v1/messages/{id}' }),
    get('/messages/:messageId', getMessage, { summary: 'One message with what it says' }),
    put('/messages/:messageId', editMessage, { summary: 'Replace a message that has not begun', ifMatch: whenVersionIsGiven }),
    post('/messages/:messageId/cancel', cancelMessage, { summary: 'Cancel', ifMatch: whenVersionIsGiven }),
    post('/messages/:messageId/pause', pauseMessage, { summary: 'Pause', ifMatch: whenVersionIsGiven }),
    post('/messages/:messageId/resume', resumeMessage, { summary: 'Go on', ifMatch: whenVersionIsGiven }),
    get('/messages/:messageId/copy', copyMessage, { summary: 'A draft to send it again as a new one' }),
    get('/messages/:messageId/deliveries', listDeliveries, {
      summary: 'Who was written to, and what became of it',
      operationId: 'listDeliveriesOfMessage',
    }),
    get('/deliveries', listDeliveries, { summary: 'Deliveries of all messages' }),
    get('/deliveries/:deliveryId', getDelivery, { summary: 'One delivery with its history' }),
    post('/deliveries/:deliveryId/resolve', resolveDelivery, { summary: 'Say what became of an unknown delivery' }),
    post('/attachments', beginAttachment, { summary: 'Begin to upload a file', status: 201 }),
    post('/attachments/:attachmentId/parts', addAttachmentPart, { summary: 'The next bytes of a file' }),
    post('/attachments/:attachmentId/end', endAttachment, { summary: 'The file is whole: check it' }),
  ],
);
