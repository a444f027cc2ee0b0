import { types } from 'node:util';

/** Also one from another realm (a worker, a test's sandbox), which is no instance of our Error. */
export const isError = (value: unknown): value is Error => value instanceof Error || types.isNativeError(value);

/** What it says, to be put into a sentence. */
export const messageOf = (error: unknown): string => (isError(error) ? error.message : String(error));
