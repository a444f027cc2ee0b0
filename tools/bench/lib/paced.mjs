import { Agent, request } from 'node:http';
import { quantile } from './figures.mjs';

/**
 * Requests that are due one after the other at an even pace, whether or not those before them were answered, and how long each
 * took from the instant it was due: what a user feels at this load. (autocannon's own `overallRate` sends the requests of a
 * whole second at once and then rests.)
 */
export async function paced({ url, method, body, headers, seconds, rate, connections = 64 }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const payload = body && JSON.stringify(body);
  const sent = {
    ...headers,
    ...(payload && { 'content-type': 'application/json', 'content-length': Buffer.byteLength(payload) }),
  };
  const total = Math.round(rate * seconds);
  const took = [];
  const began = performance.now();
  const dueAt = (index) => began + (index * 1000) / rate;
  const answered = [];
  for (let index = 0; index < total;) {
    for (; index < total && dueAt(index) <= performance.now(); index++) answered.push(ask(index));
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await Promise.all(answered);
  agent.destroy();
  return { rate: total / seconds, p50: quantile(took, 0.5), p99: quantile(took, 0.99) };

  function ask(index) {
    return new Promise((resolve, reject) => {
      const call = request(url, { method, headers: sent, agent }, (response) => {
        if (response.statusCode < 200 || response.statusCode > 299)
          reject(new Error(`${method} ${url} answered ${response.statusCode}`));
        response.resume().once('end', () => {
          took.push(performance.now() - dueAt(index));
          resolve();
        });
      });
      call.once('error', reject);
      call.end(payload);
    });
  }
}
