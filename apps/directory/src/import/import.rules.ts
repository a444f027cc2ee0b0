import type { ImportMode } from '@leasewire/contracts';
import type { z } from 'zod';
import type { ResidentDoc } from '../resident/resident.repository.js';

type Mode = z.infer<typeof ImportMode>;
export interface Importing {
  readonly importMode: Mode;
  readonly importModeSetByStaff: boolean;
  readonly importedOnce: boolean;
  readonly lastSweepAt: Date | null;
  /** Null: no PMS keeps it in step; people come by files, or by hand. */
  readonly connectionId: string | null;
}

/** When a rule turns a property to automatic: after a complete sweep and at least one decision, when nobody waits; never against staff. */
export const isImported = (own: Importing, pending: number): boolean =>
  own.importMode === 'manual' && !own.importModeSetByStaff && own.importedOnce && own.lastSweepAt !== null && pending === 0;

/** What is still to happen, in the order in which it has to. */
export function nextSteps(own: Importing, pending: number): string[] {
  if (own.importMode === 'automatic')
    return [
      'New people are active at once, as Not Invited.',
      ...(pending === 0 ? [] : [`${peopleWait(pending)} still; import or dismiss them.`]),
    ];
  const waitsForSweep = own.lastSweepAt === null;
  const steps = [
    ...(waitsForSweep && own.connectionId !== null ? ['The first complete sync has to arrive.'] : []),
    ...(pending > 0 ? [`${peopleWait(pending)}: import or dismiss them.`] : []),
    ...(pending === 0 && !own.importedOnce ? ['At least one person has to be imported or dismissed.'] : []),
  ];
  if (own.importModeSetByStaff) return [...steps, 'Staff set this property to manual: it stays so until somebody turns it on.'];
  if (waitsForSweep && own.connectionId === null)
    return [...steps, 'No PMS keeps this property in step: it stays manual until somebody turns it on.'];
  return [...steps, 'Then new people arrive by themselves.'];
}

/** What another mode would mean. Nobody who waits is imported by a change of mode. */
export function consequencesOf(own: Importing, mode: Mode, pending: number): string[] {
  if (own.importMode === mode) return [`This property is ${mode} already.`, ...(own.importModeSetByStaff ? [] : [keeps(mode)])];
  const waiting = pending === 0 ? [] : [`${peopleWait(pending)} and go on waiting until they are imported or dismissed.`];
  return mode === 'automatic'
    ? ['From the next sync on, new people are active at once, as Not Invited.', ...waiting, keeps(mode)]
    : [
        'From the next sync on, new people wait in Pending Import: without access, messages or invitations.',
        'Nobody who is active changes.',
        ...waiting,
        keeps(mode),
      ];
}
const keeps = (mode: Mode): string => `Set by hand, it stays ${mode} until somebody changes it.`;
const peopleWait = (count: number): string =>
  count === 1 ? '1 person waits in Pending Import' : `${count} people wait in Pending Import`;

type Entry = { readonly what: string; readonly text: string };
/** From Pending Import to active, or away. */
export function passed(doc: ResidentDoc, dismiss: boolean): { readonly after: ResidentDoc; readonly entry: Entry } {
  return dismiss
    ? {
        after: { ...doc, state: 'archived', archivedReason: 'dismissed', staffArchived: true },
        entry: { what: 'dismissed', text: 'Dismissed from Pending Import.' },
      }
    : { after: { ...doc, state: 'active', imported: true }, entry: { what: 'imported', text: 'Imported.' } };
}
