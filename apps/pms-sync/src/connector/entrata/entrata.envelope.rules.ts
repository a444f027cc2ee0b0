import type { VendorReply } from '../connector.js';
import { VendorError } from '../vendor-error.js';
import { isJson, parseJson, textOf, type Json } from '../vendor-json.rules.js';

/** pms-apis.md 1.3. HTTP says little: failures come with status 200, so the body is looked at first. */
export type EntrataResult =
  | { readonly kind: 'result'; readonly result: Json }
  /** `result: "No records found …"`, or code 310: the vendor says that there is nothing. */
  | { readonly kind: 'nothing' };

export function readEnvelope(reply: VendorReply, what: string): EntrataResult {
  const envelope = envelopeIn(reply, what);
  const { error, result } = envelope;
  if (isJson(error) || typeof error === 'string') throw refusal(isJson(error) ? error : { message: error }, reply.status, what);
  const code = textOf(envelope['code']);
  if (code === '310') return { kind: 'nothing' };
  if (code !== null && code !== '200') throw refusal({ code, message: envelope['message'] ?? result }, reply.status, what);
  if (reply.status >= 400) throw refusal({ code: String(reply.status) }, reply.status, what);
  if (typeof result === 'string') {
    if (saysNothingFound(result)) return { kind: 'nothing' };
    throw new VendorError('not-readable', `Entrata answered a sentence where ${what} belong.`, { field: 'result' });
  }
  if (isJson(result)) return { kind: 'result', result };
  // an empty list where an object belongs is how some languages write an empty object
  if (Array.isArray(result) && result.length === 0) return { kind: 'result', result: {} };
  throw new VendorError('not-readable', `Entrata's answer about ${what} holds no result.`, { field: 'result' });
}

/** With `response` around it or without; and a body that is no JSON where the status says enough. */
function envelopeIn(reply: VendorReply, what: string): Json {
  try {
    const body = parseJson(reply.text, what);
    const inner = isJson(body) ? (isJson(body['response']) ? body['response'] : body) : null;
    if (inner !== null) return inner;
  } catch (error) {
    if (reply.status < 400) throw error;
  }
  if (reply.status >= 400) throw refusal({ code: String(reply.status) }, reply.status, what);
  throw new VendorError('not-readable', `Entrata's answer about ${what} is not an object.`, { field: 'response' });
}

const saysNothingFound = (sentence: string) =>
  /\bno\b.*\b(records?|results?|data|leases?|units?|propert|customers?|transactions?|found)|not found|\bnone\b|does not (exist|have)/i.test(
    sentence,
  );

/** What Entrata means, from its code and its words; its words themselves are not passed on, they may name people. */
function refusal(error: Json, status: number, what: string): VendorError {
  const code = textOf(error['code']) ?? String(status);
  const message = textOf(error['message']) ?? '';
  const about = { vendorCode: code };
  const says = (pattern: RegExp) => pattern.test(message);
  if (code === '429' || says(/rate.?limit|too many|throttl|quota/i)) {
    return new VendorError('rate-limited', `Entrata allows no more requests for now (${what}).`, about);
  }
  if (says(/propert/i) && says(/permi|access|author|enabled|allowed|assigned|associated|invalid/i)) {
    return new VendorError('forbidden', `The property is not enabled for our API user (${what}).`, {
      ...about,
      field: 'property',
    });
  }
  if (
    code === '403' ||
    says(/permi|not (allowed|enabled)|access denied|denied access|no access|not authori[sz]ed to|not have access/i)
  ) {
    return new VendorError('forbidden', `Entrata does not permit us ${what}.`, about);
  }
  if (code === '401' || says(/api.?key|authenticat|credential|unauthori|password|user ?name|invalid (user|key|token)/i)) {
    return new VendorError('unauthorized', 'Entrata does not accept the credentials.', about);
  }
  if (code === '404' || says(/sub-?domain|client|company|organi[sz]ation/i)) {
    return new VendorError('refused', `Entrata does not know this subdomain (${what}).`, { ...about, field: 'address' });
  }
  if (/^5\d\d$/.test(code)) return new VendorError('unreachable', `Entrata has a problem of its own (${code}, ${what}).`, about);
  // pms-apis.md 1.3, trap 4: a method that is not permitted is refused with a generic error
  return new VendorError('refused', `Entrata refused our request (${code}, ${what}); perhaps the method is not enabled.`, {
    ...about,
    field: 'method',
  });
}
