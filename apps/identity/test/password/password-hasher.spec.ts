import { PasswordHasher } from '../../src/password/password-hasher.js';
import { recipeOf } from '../../src/password/password-hash.rules.js';
import { Turnstile } from '../../src/password/turnstile.js';

const cheap = { memoryKib: 64, passes: 1, atOnce: 2, mostWaiting: 4 };
const newHasher = (cost = {}) => new PasswordHasher({ ...cheap, ...cost });

describe('a password hash', () => {
  it('is argon2id in the usual form, with a salt of its own', async () => {
    const hasher = newHasher({ memoryKib: 19_456, passes: 2 });
    const [one, two] = await Promise.all([hasher.hash('a password'), hasher.hash('a password')]);
    expect(one).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$[A-Za-z0-9+/]{22}\$[A-Za-z0-9+/]{43}$/);
    expect(one).not.toBe(two);
    expect(await hasher.matches('a password', one)).toBe(true);
    expect(await hasher.matches('another', one)).toBe(false);
  });

  it.each([
    ['nobody', 0],
    ['one account', 1],
    ['five accounts of the same person', 5],
  ])('is computed once for %s', async (_who, accounts) => {
    const hasher = newHasher();
    const first = await hasher.hash('a password');
    const stored = await Promise.all(
      Array.from({ length: accounts }, (_, n) => hasher.hash(n % 2 ? 'another' : 'a password', first)),
    );
    const before = hasher.computations;
    const matching = await hasher.matching('a password', 'ana@harbour.example', stored);
    expect(hasher.computations - before).toBe(1);
    expect([...matching]).toEqual(accounts === 0 ? [] : [stored[0]]);
  });

  it('made at another cost still opens, and is made anew', async () => {
    const old = await newHasher({ memoryKib: 32 }).hash('a password');
    const hasher = newHasher();
    expect(await hasher.matches('a password', old)).toBe(true);
    expect(hasher.isOutdated(old, undefined)).toBe(true);
    const made = recipeOf(await hasher.hash('a password', old));
    expect(made).toEqual({ memoryKib: cheap.memoryKib, passes: cheap.passes, salt: recipeOf(old).salt });
  });

  it('with another salt than the person’s other accounts is made anew', async () => {
    const hasher = newHasher();
    const [like, strange] = [await hasher.hash('a'), await hasher.hash('b')];
    expect(hasher.isOutdated(strange, like)).toBe(true);
    expect(hasher.isOutdated(await hasher.hash('b', like), like)).toBe(false);
  });
});

describe('a turnstile', () => {
  it('lets so many in at once, makes so many wait, and sends the others away', async () => {
    const turnstile = new Turnstile(2, 3);
    let inside = 0;
    let most = 0;
    const open: (() => void)[] = [];
    const visit = () =>
      turnstile.pass(async () => {
        most = Math.max(most, ++inside);
        await new Promise<void>((resolve) => open.push(resolve));
        inside--;
      });
    const visits = Array.from({ length: 7 }, () =>
      visit().then(
        () => 'in',
        (error: { code: string }) => error.code,
      ),
    );
    const outcomes = Promise.all(visits);
    for (let left = 5; left > 0; left--) {
      while (open.length === 0) await new Promise((resolve) => setImmediate(resolve));
      open.shift()!();
    }
    expect(await outcomes).toEqual(['in', 'in', 'in', 'in', 'in', 'unavailable', 'unavailable']);
    expect(most).toBe(2);
  });

  it('stays open when somebody fails inside', async () => {
    const turnstile = new Turnstile(1, 1);
    await expect(turnstile.pass(() => Promise.reject(new Error('fell')))).rejects.toThrow('fell');
    expect(await turnstile.pass(() => Promise.resolve('through'))).toBe('through');
  });
});
