/** The floor: bare JetStream publish with its acknowledgement, and a durable pull consumer in another process. */
import { createInterface } from 'node:readline';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';

const nats = await connect({ servers: process.env.BENCH_NATS });
const now = () => performance.timeOrigin + performance.now();
const payload = new Uint8Array(900);

if (process.env.BENCH_ROLE === 'consumer') {
  const manager = await jetstreamManager(nats);
  await manager.streams.add({ name: 'BENCH', subjects: ['bench.>'], storage: 'file' });
  await manager.consumers.add('BENCH', { durable_name: 'bench', ack_policy: 'explicit' });
  const consumer = await jetstream(nats).consumers.get('BENCH', 'bench');
  console.log('consumer is ready');
  for await (const message of await consumer.consume()) {
    message.ack();
    console.log(`handled ${message.seq} ${now()}`);
  }
} else {
  const js = jetstream(nats);
  console.log('producer is ready');
  for await (const line of createInterface({ input: process.stdin })) {
    const [what, count] = line.split(' ');
    if (what === 'one') {
      const at = now();
      const { seq } = await js.publish('bench.one', payload);
      console.log(`committed ${seq} ${at}`);
    } else {
      const started = now();
      let left = Number(count);
      await Promise.all(
        Array.from({ length: 256 }, async () => {
          while (left-- > 0) await js.publish('bench.many', payload);
        }),
      );
      console.log(`drained ${count} 0 ${now() - started}`);
    }
  }
}
