import ipaddr from 'ipaddr.js';
import { VendorError } from './vendor-error.js';

/**
 * Addresses of vendors are typed by people, so they may point at our own network (SSRF). Only https to public addresses;
 * hosts that the deployment names may be reached over http and anywhere: simulators, a PMS in the same building.
 */
export interface AddressPolicy {
  /** Host names or addresses, without port; `*` is everything. */
  readonly allowedHosts: readonly string[];
}

export function isAllowedHost(host: string, policy: AddressPolicy): boolean {
  return policy.allowedHosts.some((allowed) => allowed === '*' || allowed.toLowerCase() === host.toLowerCase());
}

/** Throws for what must not be asked; the address behind a name is checked when the connection is made. */
export function checkVendorUrl(written: string, policy: AddressPolicy): URL {
  const url = URL.canParse(written) ? new URL(written) : null;
  if (url === null) throw wrongAddress('It is not an address such as https://pms.example.com.');
  if (url.username !== '' || url.password !== '') throw wrongAddress('An address must not hold a user name or password.');
  if (url.protocol !== 'https:' && url.protocol !== 'http:')
    throw wrongAddress('Only addresses that begin with https:// are asked.');
  const host = hostOf(url);
  if (isAllowedHost(host, policy)) return url;
  if (url.protocol !== 'https:') throw wrongAddress('Only addresses that begin with https:// are asked.');
  if (ipaddr.isValid(host) ? !isPublicAddress(host) : isLocalName(host)) {
    throw wrongAddress(`${host} is not an address on the public internet.`);
  }
  return url;
}

export const hostOf = (url: URL): string => url.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '');

/** What `ipaddr.process` unwraps (::ffff:10.0.0.1) is judged by what is inside; tunnels to IPv4 are not public. */
export function isPublicAddress(address: string): boolean {
  return ipaddr.isValid(address) && ipaddr.process(address).range() === 'unicast';
}

function isLocalName(host: string): boolean {
  return !host.includes('.') || /\.(local|localhost|internal|intranet|lan|home|corp|private|arpa|test|invalid)$/i.test(host);
}

export function wrongAddress(why: string): VendorError {
  return new VendorError('unreachable', why, { field: 'address' });
}
