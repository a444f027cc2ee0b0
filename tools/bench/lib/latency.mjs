import { quantile } from './figures.mjs';

const read = (text, what) =>
  new Map([...text.matchAll(new RegExp(`^${what} (\\S+) ([\\d.]+)$`, 'gm'))].map(([, id, at]) => [id, Number(at)]));

/** From the moment one process says `committed id at` to the moment another says `handled id at`. */
export async function latencies(publisher, handler, { count, pauseMs }) {
  for (let n = 0; n < count; n++) {
    publisher.tell('one');
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  const done = (side, what) => read(side.said(), what).size >= count;
  for (let waited = 0; waited < 10_000 && !(done(publisher, 'committed') && done(handler, 'handled')); waited += 50)
    await new Promise((resolve) => setTimeout(resolve, 50));
  const committed = read(publisher.said(), 'committed');
  const handled = read(handler.said(), 'handled');
  const lost = [...committed.keys()].filter((id) => !handled.has(id));
  if (lost.length > 0 || committed.size < count)
    throw new Error(
      `${count - committed.size} not committed, ${lost.length} not handled:\n${publisher.said().slice(-2000)}\n${handler.said().slice(-2000)}`,
    );
  const all = [...committed].map(([id, at]) => Math.max(0, handled.get(id) - at));
  return { p50: quantile(all, 0.5), p99: quantile(all, 0.99), max: Math.max(...all), count };
}

/** Tells it to do so many, and waits for the figure. */
export async function drained(publisher, count) {
  publisher.tell(`many ${count}`);
  for (;;) {
    const line = new RegExp(`^drained ${count} ([\\d.]+) ([\\d.]+)$`, 'm').exec(publisher.said());
    if (line) return { committedMs: Number(line[1]), drainedMs: Number(line[2]) };
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
