import { createHash, timingSafeEqual } from 'node:crypto';

/** How hard a password is hashed. OWASP's first choice: argon2id, 19 MiB, two passes, one lane. */
export interface HashCost {
  readonly memoryKib: number;
  readonly passes: number;
}

export const saltBytes = 16;

/**
 * What is computed once for all accounts of one e-mail address. They share a salt, so one computation answers for every
 * organization the person works for, and for nobody: a sign-in takes as long for none, one or five of them.
 */
export interface Recipe extends HashCost {
  readonly salt: Buffer;
}

const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$([A-Za-z0-9+/]+)\$[A-Za-z0-9+/]+$/;

/** How a stored hash was made. */
export function recipeOf(hash: string): Recipe {
  const [, memory, passes, salt] = phc.exec(hash) ?? [];
  if (memory === undefined || passes === undefined || salt === undefined)
    throw new Error('A stored password hash is not argon2id; it cannot be compared with anything');
  return { memoryKib: Number(memory), passes: Number(passes), salt: Buffer.from(salt, 'base64') };
}

export const sameRecipe = (a: Recipe, b: Recipe): boolean => sameCost(a, b) && a.salt.equals(b.salt);
export const sameCost = (a: HashCost, b: HashCost): boolean => a.memoryKib === b.memoryKib && a.passes === b.passes;

/** For an address that nobody has: the work is done, the result is thrown away. */
export function dummyRecipe(email: string, cost: HashCost): Recipe {
  return { ...cost, salt: createHash('sha256').update(`nobody|${email}`).digest().subarray(0, saltBytes) };
}

/** The different computations that stored hashes need: one, but for a while after an e-mail address or the cost changed. */
export function recipesOf(hashes: readonly string[]): Recipe[] {
  const recipes: Recipe[] = [];
  for (const recipe of hashes.map(recipeOf)) if (!recipes.some((known) => sameRecipe(known, recipe))) recipes.push(recipe);
  return recipes;
}

export function sameHash(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
