import { newId } from '@leasewire/messaging';
export { auditHeadSigned, sessionStarted, staffChanged, staffInvited } from '@leasewire/contracts';
export const newPropertyId = () => newId('prop');
