import { DomainError, type RpcContract } from '@leasewire/contracts';
import type { Msg } from '@nats-io/transport-node';
import type { z } from 'zod';
import type { Assertions } from './assertions.js';
import { Call } from './call.js';
import { newId } from './ids.js';
import { assertPermitted } from './permission-check.js';
import { wantsSignsOfLife } from './signs-of-life.js';
import { encodeError, header, headerOf, jsonBytes, ReadyHeaders, utf8 } from './wire.js';

/** From the bytes of a request to what its handler takes, and from what it gives back to the bytes of a reply. */
export interface OpenedCall {
  readonly call: Call;
  readonly input: unknown;
}

export interface Reply {
  readonly body: Uint8Array;
  readonly headers: ReadyHeaders;
}

export function correlationOf(message: Msg): string {
  return headerOf(message.headers, header.correlation) ?? newId('cor');
}

export function openCall(contract: RpcContract, message: Msg, correlationId: string, assertions: Assertions): OpenedCall {
  const assertion = headerOf(message.headers, header.assertion);
  if (assertion === undefined) throw new DomainError('unauthenticated', 'The call carries no assertion of who makes it.');
  const actor = assertions.verify(assertion);
  assertPermitted(contract, actor);
  const call = new Call({
    method: contract.name,
    actor,
    assertion,
    correlationId,
    traceparent: headerOf(message.headers, header.traceparent),
    idempotencyKey: headerOf(message.headers, header.idempotencyKey),
    attended: wantsSignsOfLife(message),
    rawInput: message.data,
  });
  return { call, input: parseInput(contract, message.data) };
}

/** The caller waits this long, unless it says otherwise. */
export function patienceOf(contract: RpcContract, message: Msg): number {
  const said = Number(headerOf(message.headers, header.timeoutMs));
  return said > 0 ? said : contract.timeoutMs;
}

function parseInput(contract: RpcContract, bytes: Uint8Array): unknown {
  let raw: unknown;
  try {
    raw = bytes.length === 0 ? undefined : JSON.parse(utf8(bytes));
  } catch {
    throw new DomainError('invalid-input', `The input of ${contract.name} is not JSON.`);
  }
  const parsed = contract.input.safeParse(raw);
  if (parsed.success) return parsed.data;
  throw new DomainError('invalid-input', `The input of ${contract.name} does not fit its schema.`, {
    fields: fieldsOf(parsed.error),
  });
}

export function fieldsOf(error: z.ZodError): { path: string; message: string }[] {
  return error.issues.slice(0, 50).map(({ path, message }) => ({ path: path.map(String).join('.'), message }));
}

const plainOk = new ReadyHeaders([[header.ok, '1']]);
const failed = new ReadyHeaders([[header.ok, '0']]);
const nothing = new Uint8Array(0);

export function replyWith(output: unknown, call: Call): Reply {
  const body = output === undefined ? nothing : jsonBytes(output);
  const version = versionOf(output);
  if (version === undefined && !call.replayed) return { body, headers: plainOk };
  return {
    body,
    headers: new ReadyHeaders([
      [header.ok, '1'],
      [header.version, version],
      [header.replayed, call.replayed ? '1' : undefined],
    ]),
  };
}

export function replyWithError(error: DomainError): Reply {
  return { body: encodeError(error), headers: failed };
}

function versionOf(output: unknown): string | undefined {
  if (typeof output !== 'object' || output === null || !('version' in output)) return undefined;
  return Number.isInteger(output.version) ? String(output.version) : undefined;
}
