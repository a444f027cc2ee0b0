import type { ResidentDoc } from '../resident/resident.repository.js';

type Doc = Pick<ResidentDoc, 'propertyId' | 'state' | 'displayName'>;
export interface Missed {
  readonly search: string;
  readonly property: {
    readonly _id: string;
    readonly name: string;
    readonly lastSweepAt: Date | null;
    readonly connectionId: string | null;
  } | null;
}

/** Those of the property first, and of these whoever is here before whoever has left. */
export function inOrderOfInterest<D extends Doc>(docs: readonly D[], { property }: Missed): D[] {
  const rank = ({ propertyId, state }: Doc): number => (propertyId === property?._id ? 0 : 2) + (state === 'archived' ? 1 : 0);
  return docs.toSorted((a, b) => rank(a) - rank(b));
}

/** What is known beside those who were found. */
export function whatIsKnown(found: readonly Doc[], { search, property }: Missed): string[] {
  if (property === null) return found.length === 0 ? [`Nobody like “${search}” was ever known here.`] : [];
  const here = found.filter(({ propertyId }) => propertyId === property._id);
  const listed = here.filter(({ state }) => state !== 'archived');
  if (listed.length > 0) return [];
  const elsewhere = found.length - here.length;
  return [
    here.length > 0
      ? `Whoever is like “${search}” in ${property.name} is archived; the list leaves the archived out unless it is asked for them.`
      : `Nobody like “${search}” was ever known in ${property.name}.`,
    ...(elsewhere > 0 ? [`There ${elsewhere === 1 ? 'is 1' : `are ${elsewhere}`} in other properties.`] : []),
    property.connectionId === null
      ? `${property.name} is kept by hand: add them, or have them added.`
      : property.lastSweepAt === null
        ? 'No complete sync has arrived yet; whoever the PMS lists comes with it.'
        : `The last complete sync was fetched at ${property.lastSweepAt.toISOString()}. Whom the PMS lists and who was left out is named beside, with why; whoever is not there either could not be read, which the outcomes of that sync say, or is not listed.`,
  ];
}
