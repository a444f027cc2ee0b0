import { blot, isHarmless, isSecretName, redactText } from '@leasewire/service-kit';
import { isFields, isList, type Json } from '../chain/canonical-json.js';
import { fieldsOf } from './marked.js';

const moment = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/;
const plain = /^[\w .-]*$/;
const shortest = 16;

/**
 * Events hold no secrets; that is a rule of their contracts. This is for the day when somebody breaks it: an entry of the
 * chain cannot be changed afterwards.
 */
export function withoutSecrets(value: Json): Json {
  if (typeof value === 'string') return isUnsuspicious(value) ? value : redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (isList(value)) return value.map(withoutSecrets);
  return fieldsOf(Object.entries(value).map(([name, field]) => [name, isSecret(name, field) ? blot : withoutSecrets(field)]));
}

/** `apiKey: {id, name, prefix}` is a thing that is called after a secret, and looked into. */
function isSecret(name: string, value: Json): boolean {
  if (!isSecretName(name) || isHarmless(name, value)) return false;
  if (typeof value === 'string' && moment.test(value)) return false;
  return !(isFields(value) && typeof value['id'] === 'string');
}

/** Most texts are moments, ids and words; the search for secrets in texts is for the others. */
function isUnsuspicious(text: string): boolean {
  return moment.test(text) || (text.length < shortest && plain.test(text));
}
