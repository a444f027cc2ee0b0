// What a sweep cannot do without: the same pages of the same property, fetched over one connection and parsed, and nothing else.
// A line of standard input is one round; the answer is its CPU time.
import { Agent, request } from 'node:http';
import { createInterface } from 'node:readline';

const { url, subdomain, apiKey, propertyId, pastFrom } = JSON.parse(process.env.BENCH_VENDOR);
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
const base = new URL(`${url}/ext/orgs/${subdomain}/v1`);

function ask(service, method, version, params, page) {
  const body = JSON.stringify({ auth: { type: 'apikey' }, requestId: '1', method: { name: method, version, params } });
  const headers = { 'content-type': 'application/json; charset=UTF-8', 'x-api-key': apiKey };
  const to = `${base.pathname}/${service}?page_no=${page}&per_page=500`;
  return new Promise((resolve, reject) => {
    const asked = request({ agent, host: base.hostname, port: base.port, path: to, method: 'POST', headers }, (reply) => {
      const chunks = [];
      reply.on('data', (chunk) => chunks.push(chunk));
      reply.on('error', reject);
      reply.on('end', () =>
        resolve({ more: /rel="next"/.test(reply.headers.link ?? ''), body: JSON.parse(Buffer.concat(chunks).toString('utf8')) }),
      );
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

async function pages(service, method, version, params) {
  for (let page = 1; (await ask(service, method, version, params, page)).more;) page += 1;
}

async function round() {
  await pages('propertyunits', 'getPropertyUnits', 'r1', {
    propertyIds: propertyId,
    availableUnitsOnly: '0',
    includeDisabledUnits: '0',
  });
  await pages('leases', 'getLeases', 'r2', { propertyId, leaseStatusTypeIds: '1,3,4,5' });
  await pages('leases', 'getLeases', 'r2', { propertyId, leaseStatusTypeIds: '6', moveOutDateFrom: pastFrom });
  await pages('leases', 'getLeases', 'r2', { propertyId, leaseStatusTypeIds: '2', moveInDateFrom: pastFrom });
}

console.log('bare is ready');
for await (const _line of createInterface({ input: process.stdin })) {
  const began = process.cpuUsage();
  const at = performance.now();
  await round();
  const { user, system } = process.cpuUsage(began);
  console.log(`round ${JSON.stringify({ cpuMs: (user + system) / 1000, ms: performance.now() - at })}`);
}
