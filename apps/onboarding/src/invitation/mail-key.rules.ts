import { InvitationId } from '@leasewire/contracts';

/** What notifications calls a mail of ours; it is in every event about it. */
export const keyOfMail = (invitationId: InvitationId, reminder: number): string =>
  reminder === 0 ? `invitation:${invitationId}` : `invitation:${invitationId}:reminder:${reminder}`;

export function invitationOfKey(key: string | null): { invitationId: InvitationId; reminder: number } | null {
  const [kind, id, , reminder] = (key ?? '').split(':');
  const { data } = InvitationId.safeParse(id);
  return kind === 'invitation' && data !== undefined ? { invitationId: data, reminder: Number(reminder ?? 0) } : null;
}
