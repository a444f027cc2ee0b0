import { createHmac } from 'node:crypto';

/**
 * As the vendor signs a form that it posts: the address as it was given, then each parameter's name and value, by name,
 * HMAC-SHA1 with the auth token. Written from the documentation, not with the library that checks it.
 */
export function signatureOf(authToken: string, url: string, params: Readonly<Record<string, string>>): string {
  const signed = Object.entries(params)
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .reduce((text, [name, value]) => text + name + value, url);
  return createHmac('sha1', authToken).update(signed, 'utf8').digest('base64');
}
