import autocannon from 'autocannon';

/** One shot of load; refuses to give figures when anything but the expected status came back. */
export async function shot({ url, method, body, headers, seconds, connections = 64, rate }) {
  const result = await autocannon({
    url,
    method,
    ...(body && { body: JSON.stringify(body) }),
    headers: { ...headers, ...(body && { 'content-type': 'application/json' }) },
    connections,
    duration: seconds,
    ...(rate && { overallRate: rate }),
  });
  const bad = result.non2xx + result.errors + result.timeouts;
  if (bad > 0 || result['2xx'] === 0)
    throw new Error(`${method} ${url}: ${bad} of ${result.requests.total} failed (${JSON.stringify(result.statusCodeStats)})`);
  return { rate: result['2xx'] / result.duration, p50: result.latency.p50, p99: result.latency.p99 };
}
