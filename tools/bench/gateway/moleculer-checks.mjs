/** What Moleculer’s gateway and its service both check: whose token it is, and whether they may. */
import { createHash, createPublicKey, verify } from 'node:crypto';
import { permissions } from './payloads.mjs';

const key = createPublicKey({ key: Buffer.from(process.env.BENCH_TOKEN_KEY, 'base64'), format: 'der', type: 'spki' });
const known = new Map();
export function verified(token) {
  const hash = createHash('sha256').update(token).digest('base64');
  let claims = known.get(hash);
  if (!claims) {
    const [payload, signature] = token.split('.');
    if (!verify(null, Buffer.from(payload), key, Buffer.from(signature, 'base64url'))) return null;
    claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
    known.set(hash, claims);
  }
  return claims.exp * 1000 > Date.now() ? claims : null;
}
const rank = { none: 0, view: 1, full: 2 };

export const permits = (needed) => rank[permissions['accounts.staff'] ?? 'none'] >= rank[needed];
