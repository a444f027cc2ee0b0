import { randomBytes } from 'node:crypto';
import { hash } from '@node-rs/argon2';
import { normalizePassword } from './password.rules.js';
import {
  dummyRecipe,
  recipeOf,
  recipesOf,
  sameCost,
  sameHash,
  sameRecipe,
  saltBytes,
  type HashCost,
  type Recipe,
} from './password-hash.rules.js';
import { Turnstile } from './turnstile.js';

export interface HasherSettings extends HashCost {
  readonly atOnce: number;
  readonly mostWaiting: number;
}

/** The only place where a password meets argon2. */
export class PasswordHasher {
  readonly #turnstile: Turnstile;
  /** How often argon2 ran: what a sign-in costs, and what its duration could tell, is a number of these. */
  computations = 0;

  constructor(private readonly settings: HasherSettings) {
    this.#turnstile = new Turnstile(settings.atOnce, settings.mostWaiting);
  }

  /** `like`: a hash of the same person in another organization, whose salt is then shared (see Recipe). */
  async hash(password: string, like?: string | null): Promise<string> {
    const salt = like ? recipeOf(like).salt : randomBytes(saltBytes);
    return this.#compute(password, { ...this.#cost, salt });
  }

  async matches(password: string, stored: string): Promise<boolean> {
    return sameHash(await this.#compute(password, recipeOf(stored)), stored);
  }

  /** Which of these the password fits. The same work for none as for one. */
  async matching(password: string, email: string, stored: readonly string[]): Promise<ReadonlySet<string>> {
    const recipes = stored.length === 0 ? [dummyRecipe(email, this.#cost)] : recipesOf(stored);
    const found = new Set<string>();
    for (const recipe of recipes) {
      const computed = await this.#compute(password, recipe);
      for (const one of stored) if (sameHash(one, computed)) found.add(one);
    }
    return found;
  }

  /** Made at another cost than today's, or not with the salt of the person's other accounts: to be made again. */
  isOutdated(stored: string, like: string | undefined): boolean {
    const recipe = recipeOf(stored);
    return (
      !sameCost(recipe, this.#cost) || (like !== undefined && !sameRecipe(recipe, { ...this.#cost, salt: recipeOf(like).salt }))
    );
  }

  get #cost(): HashCost {
    return { memoryKib: this.settings.memoryKib, passes: this.settings.passes };
  }

  #compute(password: string, { memoryKib, passes, salt }: Recipe): Promise<string> {
    return this.#turnstile.pass(() => {
      this.computations++;
      // argon2id, version 19: what the library does unless told otherwise, and all that password-hash.rules.ts reads
      return hash(normalizePassword(password), { memoryCost: memoryKib, timeCost: passes, parallelism: 1, salt });
    });
  }
}
