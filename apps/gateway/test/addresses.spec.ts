import { addressKey, Addresses, isAddressOrRange } from '../src/http/addresses.js';

describe('the address of whoever asks', () => {
  const behind = ['10.0.0.0/8', 'fd00::/8'];
  it.each([
    ['without a proxy is that of the connection', [], '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['from someone who is no trusted proxy is what it is', behind, '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['behind a trusted proxy is what that proxy saw', behind, '10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['cannot be made up further left', behind, '10.0.0.1', '1.2.3.4, 198.51.100.1', '198.51.100.1'],
    ['behind two trusted proxies is the one before', behind, '10.0.0.1', '1.2.3.4, 198.51.100.1, 10.0.0.2', '198.51.100.1'],
    ['from within is the left-most', behind, '10.0.0.1', '10.0.0.3, 10.0.0.2', '10.0.0.3'],
    ['is the nearest that is an address', behind, '10.0.0.1', 'nonsense, 10.0.0.2', '10.0.0.2'],
    ['is IPv4 also over an IPv6 socket', behind, '::ffff:203.0.113.7', undefined, '203.0.113.7'],
    ['is trusted over an IPv6 socket too', behind, '::ffff:10.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['may be IPv6', behind, 'fd00::1', '[2001:db8::1]:4711', '2001:db8::1'],
    ['loses its port', behind, '10.0.0.1', '198.51.100.1:4711', '198.51.100.1'],
  ])('%s', (_what, proxies, remote, forwarded, expected) => {
    expect(new Addresses(proxies).of(remote, forwarded)).toBe(expected);
  });

  it.each([
    ['203.0.113.7', '203.0.113.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:db8:1:2::1', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
    ['::1', '0:0:0:0::/64'],
    ['fe80::1', 'fe80:0:0:0::/64'],
  ])('%s is counted as %s', (address, key) => {
    expect(addressKey(address)).toBe(key);
  });

  it.each([
    ['10.0.0.1', true],
    ['10.0.0.0/8', true],
    ['fd00::/8', true],
    ['10.0.0.0/33', false],
    ['10.0.0', false],
    ['proxy.example.com', false],
    ['10.0.0.0/8/8', false],
  ])('%s in the configuration: %s', (text, fits) => {
    expect(isAddressOrRange(text)).toBe(fits);
  });
});
