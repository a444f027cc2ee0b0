import type { InvitationSettings } from '@leasewire/contracts';

export interface Settings extends Omit<InvitationSettings, 'propertyId' | 'inherited' | 'version' | 'updatedAt' | 'updatedBy'> {
  /** When the reminders were changed: what would have been before is made up for, and not all at once. */
  readonly remindersSince?: Date | undefined;
}

/** In a rental people are invited when they may use the network; in a strata staff decide. */
export function defaultsOf(kind: 'rental' | 'strata'): Settings {
  return {
    validForSeconds: 7 * 86_400,
    newPeople: kind === 'rental' ? 'at-once' : 'by-hand',
    reminders: { on: false, afterDays: [3, 6], thenEveryDays: 30, most: 3 },
    quietHours: { from: '20:00', until: '08:00' },
    perPersonPerDay: 3,
    spreadDays: 1,
  };
}
