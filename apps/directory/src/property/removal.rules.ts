export interface Concerned {
  readonly name: string;
  readonly connected: boolean;
  readonly residents: number;
  readonly withAccess: number;
  readonly live: number;
  readonly upcomingChanges: number;
  readonly units: number;
}

/** What removing a property means, the gravest first. */
export function consequencesOfRemoval({
  name,
  connected,
  residents,
  withAccess,
  live,
  upcomingChanges,
  units,
}: Concerned): string[] {
  return [
    ...(connected
      ? [
          `A PMS keeps ${name} in step. Disconnect it first; there you also choose whether its people keep access until they move out.`,
        ]
      : []),
    ...(withAccess > 0 ? [`${people(withAccess)} would lose access within a minute.`] : []),
    ...(residents > 0
      ? [`${people(residents)} would be archived: no messages, no invitations; what happened stays in the history.`]
      : ['Nobody lives there.']),
    ...(live > 0 ? [`${people(live)} activated an account; it works on in other properties only.`] : []),
    ...(upcomingChanges > 0
      ? [`${upcomingChanges === 1 ? '1 move' : `${upcomingChanges} moves`} to come would not happen.`]
      : []),
    ...(units > 0 ? [`Its ${units === 1 ? 'unit stays' : `${units} units stay`} readable with the property.`] : []),
    ...(residents + units > 0
      ? ['Export the lists first where you need them: an archived property is exported no more by default.']
      : []),
  ];
}
const people = (count: number): string => (count === 1 ? '1 person' : `${count} people`);
