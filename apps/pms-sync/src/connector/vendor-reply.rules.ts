import type { VendorReply } from './connector.js';
import { VendorError } from './vendor-error.js';

/** For vendors that say it by HTTP status. */
export function expectOk(reply: VendorReply, what: string): VendorReply {
  if (reply.status >= 200 && reply.status < 300) return reply;
  const about = { vendorCode: String(reply.status) };
  if (reply.status === 401) throw new VendorError('unauthorized', `The PMS does not accept the credentials (${what}).`, about);
  if (reply.status === 403) throw new VendorError('forbidden', `The PMS does not permit us ${what}.`, about);
  if (reply.status === 404) throw new VendorError('refused', `The PMS does not know ${what}.`, { ...about, field: 'address' });
  throw new VendorError('refused', `The PMS refused our request (${reply.status}, ${what}).`, about);
}
