import type { ServerResponse } from 'node:http';
import { isQuirk, type Fault, type Faults } from '../faults/faults.js';
import type { Vendor } from '../world/model.js';
import { isReply, refusals, type Asked, type Budget, type Call, type Refusal, type Reply, type VendorView } from './exchange.js';
import type { RateLimits } from './rate-limits.js';

export interface Backstage {
  readonly faults: Faults;
  readonly limits: RateLimits;
  /** How often each method was called, for tests that count. */
  readonly calls: Map<string, number>;
}

/** Asks the vendor's view and spoils the reply as the faults say. */
export async function serveVendor(
  vendor: Vendor,
  view: VendorView,
  asked: Asked,
  to: ServerResponse,
  back: Backstage,
): Promise<void> {
  const call = view.read(asked);
  if (isReply(call)) return send(to, call, {}, []);
  const counted = `${vendor} ${call.method}`;
  back.calls.set(counted, (back.calls.get(counted) ?? 0) + 1);
  const budget = back.limits.take(vendor, call.lane);
  if (budget.exceeded) return send(to, view.refuse('rate-limited', call), view.budget(budget), []);
  const faults = back.faults.meeting(vendor, call.method, call.propertyId);
  const limited = faults.find(({ kind }) => kind === 'rate-limited');
  const told = limited === undefined ? budget : exhausted(budget, limited.retryAfterSeconds);
  await send(to, replyTo(view, call, faults), view.budget(told), faults);
}

function replyTo(view: VendorView, call: Call, faults: readonly Fault[]): Reply {
  const refusal = faults.map(({ kind }) => kind).find(isRefusal);
  if (refusal !== undefined) return view.refuse(refusal, call);
  return call.answer(new Set(faults.map(({ kind }) => kind).filter(isQuirk)));
}

function isRefusal(kind: string): kind is Refusal {
  return refusals.some((one) => one === kind);
}

function exhausted({ windows }: Budget, retryAfterSeconds: number): Budget {
  const shown = windows.length > 0 ? windows : [{ unit: 'minute', limit: 150, remaining: 0, resetSeconds: retryAfterSeconds }];
  const last = shown.length - 1;
  return {
    exceeded: true,
    retryAfterSeconds,
    windows: shown.map((window, at) => (at === last ? { ...window, remaining: 0, resetSeconds: retryAfterSeconds } : window)),
  };
}

async function send(to: ServerResponse, reply: Reply, more: Record<string, string>, faults: readonly Fault[]): Promise<void> {
  const slow = faults.find(({ kind }) => kind === 'slow');
  if (slow !== undefined) await new Promise((resolve) => setTimeout(resolve, slow.ms).unref());
  const text = Buffer.from(JSON.stringify(reply.body));
  const kinds = faults.map(({ kind }) => kind);
  const body = kinds.includes('invalid-json')
    ? Buffer.concat([text.subarray(0, Math.ceil(text.length / 2)), Buffer.from(',,}')])
    : text;
  to.writeHead(reply.status, {
    'Content-Type': 'application/json; charset=UTF-8',
    ...more,
    ...reply.headers,
    'Content-Length': body.length,
  });
  if (!kinds.includes('cut')) return void to.end(body);
  to.write(body.subarray(0, Math.floor(body.length / 2)), () => to.destroy());
}
