import type { UpstreamPerson } from './connector.js';

interface Named {
  readonly people?: readonly string[] | null | undefined;
  readonly units?: readonly string[] | null | undefined;
}

/** Who is one of these people or has a place in one of these units; where none is named, all. Of whom nothing can be read the id is known. */
export function whomOf({ people, units }: Named): (upstreamId: string, person: Pick<UpstreamPerson, 'stays'> | null) => boolean {
  if (!people && !units) return () => true;
  const [ids, places] = [new Set(people), new Set(units)];
  return (upstreamId, person) =>
    ids.has(upstreamId) || person?.stays.some(({ unitId }) => unitId !== null && places.has(unitId)) === true;
}
