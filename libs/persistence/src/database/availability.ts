import { DomainError } from '@leasewire/contracts';
import {
  MongoBulkWriteError,
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerError,
  MongoServerSelectionError,
  MongoTopologyClosedError,
} from 'mongodb';
import { valueAt } from '../collections/places.js';

/** The server answered, but is on its way down, on its way up, or not the primary. */
const notNow = new Set([91, 189, 10107, 11600, 11602, 13435, 13436, 262, 50]);

/** Now and then the driver lets the error of a socket through as it is. */
const socketErrors = new Set(['EPIPE', 'ECONNRESET', 'ECONNREFUSED', 'ECONNABORTED', 'ETIMEDOUT', 'EHOSTUNREACH', 'ENETUNREACH']);

/**
 * `insertMany` and `bulkWrite` wrap what is no answer of the server in an error of their own kind, which has the properties
 * of the first and not its class.
 */
const wraps = (error: unknown, ...properties: readonly string[]): boolean =>
  error instanceof MongoBulkWriteError &&
  [error.writeErrors].flat().length === 0 &&
  properties.some((property) => Object.hasOwn(error, property));

export function isSocketError(error: unknown): boolean {
  const code = error instanceof MongoError && !wraps(error, 'code') ? undefined : valueAt(error, 'code');
  return typeof code === 'string' && socketErrors.has(code);
}

/** Nobody there, or nobody who may answer now: the same operation may succeed later. */
export function isUnavailable(error: unknown): boolean {
  if (
    error instanceof MongoNetworkError ||
    error instanceof MongoServerSelectionError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoTopologyClosedError ||
    isSocketError(error) ||
    wraps(error, 'reason', 'beforeHandshake', 'address')
  )
    return true;
  if (error instanceof MongoError && (error.name === 'MongoWaitQueueTimeoutError' || error.name === 'MongoPoolClearedError'))
    return true;
  return error instanceof MongoServerError && typeof error.code === 'number' && notNow.has(error.code);
}

/** No server was found within the time we wait for one: trying again at once would only wait again. */
export const isNobodyThere = (error: unknown): boolean => error instanceof MongoServerSelectionError || wraps(error, 'reason');

export function unavailable(cause: unknown): DomainError {
  return new DomainError('unavailable', 'The database is away for the moment; try again shortly.', {}, { cause });
}

/** Runs an operation outside of a unit of work, and says `unavailable` instead of what the driver says. */
export async function reaching<T>(operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw isUnavailable(error) ? unavailable(error) : error;
  }
}
