import { DomainError } from '@leasewire/contracts';
import { malformed } from './json-body.js';

/** What Fastify finds wrong with a request, in our words; undefined for what is our fault. */
export function fromFastify(error: unknown): DomainError | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined;
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return new DomainError('payload-too-large', 'The body is larger than allowed.');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return new DomainError('unsupported-media-type', 'Send the body as application/json.');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_CTP_EMPTY_JSON_BODY':
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return malformed('The body is not what its headers announce.');
    case 'FST_ERR_BAD_URL':
      return malformed('The address is not properly percent-encoded.');
    case 'FST_ERR_MAX_PARAM_LENGTH':
    case 'FST_ERR_PARAM_TOO_LONG':
      return new DomainError('uri-too-long', 'A part of the address is longer than allowed.');
    case 'ECONNRESET':
      return malformed('The request broke off.');
    default:
      return undefined;
  }
}
