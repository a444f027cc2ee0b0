import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { canonicalJson, isList, parseJson, type Json } from '../chain/canonical-json.js';
import type { SealedBox } from '../chain/chain.rules.js';
import type { OpenedValues, PersonalValues } from '../record/content.rules.js';

const nonceBytes = 12;
const tagBytes = 16;
const saltBytes = 16;
export const personKeyBytes = 32;

/** The key of a person; null when it was deleted. */
export type PersonKey = Buffer | null;

/** Of somebody who was erased nothing is kept, not even sealed. */
export function sealValues({ person, values }: PersonalValues, key: PersonKey, orgId: string): SealedBox {
  if (key === null) return { person, box: '', digest: '' };
  const salt = randomBytes(saltBytes).toString('base64url');
  const nonce = randomBytes(nonceBytes);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(bindingTo(orgId, person));
  const text = canonicalJson([salt, values]);
  const box = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url');
  return { person, box, digest: digestOf(text) };
}

/** Null where the key is gone, and where the box does not open: then somebody changed it, and verification says so. */
export function openValues({ person, box, digest }: SealedBox, key: PersonKey, orgId: string): OpenedValues {
  if (key === null || box === '') return { person, values: null };
  const bytes = Buffer.from(box, 'base64url');
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, nonceBytes), { authTagLength: tagBytes })
      .setAAD(bindingTo(orgId, person))
      .setAuthTag(bytes.subarray(-tagBytes));
    const text = Buffer.concat([decipher.update(bytes.subarray(nonceBytes, -tagBytes)), decipher.final()]).toString('utf8');
    return { person, values: digestOf(text) === digest ? valuesIn(text) : null };
  } catch {
    return { person, values: null };
  }
}

function valuesIn(text: string): readonly Json[] | null {
  const parsed = parseJson(text);
  const values = isList(parsed) ? parsed[1] : undefined;
  return values !== undefined && isList(values) ? values : null;
}

const digestOf = (text: string): string => createHash('sha256').update(text).digest('base64url');
const bindingTo = (orgId: string, person: string): Buffer => Buffer.from(JSON.stringify([orgId, person]));
