import { DomainError } from '@leasewire/contracts';

const visible = /^[\x21-\x7e]{1,128}$/;

/** Up to 128 visible ASCII characters; a UUID will do. */
export function idempotencyKeyOf(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && visible.test(header)) return header;
  throw new DomainError(
    'invalid-input',
    'Idempotency-Key must be 1 to 128 visible ASCII characters; a new UUID for each request will do.',
    {
      fields: [{ path: 'Idempotency-Key', message: 'must be 1 to 128 visible ASCII characters' }],
    },
  );
}
