import type { ClosingPreview } from '@leasewire/contracts';

type Concerned = Omit<ClosingPreview, 'byProperty' | 'sentences' | 'lastExportAt'> & { readonly exported: boolean };

/** What closing an organization means for those who live there, the gravest first. */
export function consequencesOfClosing(about: Concerned): string[] {
  const { properties, connected, residents, withAccess, live, upcomingChanges, exported } = about;
  return [
    ...(withAccess > 0
      ? [
          `If people are archived, ${people(withAccess)} would lose access within minutes of the closing. If they keep it, nobody could take it away afterwards.`,
        ]
      : []),
    ...(residents > 0
      ? [`If people are archived, ${people(residents)} would get no messages and no invitations any more.`]
      : ['Nobody lives there.']),
    ...(live > 0 ? [`${people(live)} activated an account of their own.`] : []),
    ...(upcomingChanges > 0 ? [`${many(upcomingChanges, 'move')} to come would not happen.`] : []),
    ...(connected > 0 ? [`${many(connected, 'property', 'properties')} would not be kept in step with a PMS any more.`] : []),
    ...(properties > 0 && !exported
      ? ['Nobody exported the residents within the last day. Export them first where you need them.']
      : []),
  ];
}
const many = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`;
const people = (count: number): string => many(count, 'person', 'people');
