import type { PropertyDoc } from '../property/property.repository.js';
import type { ResidentDoc } from './resident.repository.js';

type Who = Pick<ResidentDoc, 'upstreamId' | 'connectionId'>;
type Where = Pick<PropertyDoc, 'connectionId'>;

/** What feeds the property now, its PMS or its files, has a record of them. */
export const isFed = (doc: Who, property: Where): boolean =>
  doc.upstreamId !== null && doc.connectionId === property.connectionId;

/** A PMS keeps them in step. All others are in the hands of staff: added by them, of a file, or of a PMS that was disconnected. */
export const isOfPms = (doc: Who, property: Where): boolean => property.connectionId !== null && isFed(doc, property);
