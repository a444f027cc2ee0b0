/** Part of a name, wherever it stands, that makes what it names a secret. */
const telling = [
  'password',
  'passwd',
  'passphrase',
  'secret',
  'token',
  'authorization',
  'cookie',
  'credential',
  'recoverycode',
  'backupcode',
  'assertion',
  'sealed',
  'privatekey',
  'apikey',
  'presharedkey',
] as const;
/** Short ones only count at the ends of a name: `wifiPsk` is a secret, `upskill` is none. */
const tellingAtAnEnd = ['psk', 'pmk', 'pwd', 'otp', 'totp', 'seed', 'nkey', 'mnemonic'] as const;
const keyOf = /(?:api|wifi|secret|access|signing|private|encryption|shared|master|network|personal|wep|wpa)keys?$/;
const linkOf = /(?:invite|invitation|activation|reset|magic|signin|login)(?:link|url)s?$/;

/** The gateway’s cookies; it tests that each of them is known here. */
const cookie = /^(?:__\w+-)?leasewire-(?:session|resident|device|form|look)$/i;

/** Names that end like this hold a fact about a secret, not the secret: `tokenExpiresAt`, `apiKeyId`. */
const aboutASecret = /(?:Id|Ids|At|Ms|Seconds|Minutes|Days|Count|Length|Version|_id|_at|_ms|_count)$/;
const harmlessId = /^[a-z]{2,8}_(?:[a-z-]+_)?[0-9a-hjkmnp-tv-z]{26}$/;

export function isSecretName(name: string): boolean {
  const squashed = name.toLowerCase().replace(/[^a-z0-9]/g, '');
  return (
    telling.some((word) => squashed.includes(word)) ||
    tellingAtAnEnd.some((word) => squashed.startsWith(word) || squashed.endsWith(word) || squashed.endsWith(`${word}s`)) ||
    keyOf.test(squashed) ||
    linkOf.test(squashed) ||
    cookie.test(name)
  );
}

/** Of one-time passwords and recovery codes as people type them. An error’s code has another form. */
const typedCode = /^\s*(?:\d{6}|[0-9a-z]{4}(?:[\s-]?[0-9a-z]{4}){3})\s*$/i;

/** `code` names errors, and what somebody proves themselves by: the value tells which. */
export const isTypedCode = (name: string, value: unknown): boolean =>
  name.toLowerCase() === 'code' && typeof value === 'string' && typedCode.test(value);

/** May this value be shown although its name tells of a secret? Yes or no, a count, a moment, an id of ours. */
export function isHarmless(name: string, value: unknown): boolean {
  if (value === null || value === undefined || typeof value === 'boolean') return true;
  if (!aboutASecret.test(name)) return false;
  return typeof value === 'number' || value instanceof Date || (typeof value === 'string' && harmlessId.test(value));
}

export const isOurId = (text: string): boolean => harmlessId.test(text);

/** Secrets of several words: after such a name without quotes, the rest of the line is the secret. */
export const holdsSpaces = (name: string): boolean => /cookie|authorization|passphrase|mnemonic/i.test(name);
