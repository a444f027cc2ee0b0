import { Parser } from '@asyncapi/parser';
import { defineEvent, registry } from '@leasewire/contracts';
import { z } from 'zod';
import { asyncApi } from '../src/asyncapi.js';

const parse = (document: unknown) => new Parser().parse(JSON.stringify(document));
const errorsIn = ({ diagnostics }: Awaited<ReturnType<typeof parse>>) =>
  diagnostics.filter(({ severity }) => String(severity) === '0').map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('the AsyncAPI document', () => {
  const parsed = parse(asyncApi(registry));

  it('is valid', async () => {
    expect(errorsIn(await parsed)).toEqual([]);
  });

  it('names every event once, with the address it is published to', async () => {
    const { document } = await parsed;
    const addresses = document
      ?.channels()
      .all()
      .map((channel) => channel.address());
    expect(addresses).toEqual([...registry.events.map((event) => `evt.${event.type}.{orgId}`), 'dlq.{service}.{handler}']);
    expect(document?.operations().filterBySend()).toHaveLength(registry.events.length + 1);
  });

  it('would not be valid with a message that leads nowhere', async () => {
    const { components: _components, ...torn } = asyncApi({ events: registry.events.slice(0, 1) });
    expect(errorsIn(await parse(torn)).length).toBeGreaterThan(0);
  });

  it('refuses two different things of one name', () => {
    const about = { describe: 'x', view: 'service', example: { thing: {} } } as const;
    const first = defineEvent(
      'parking.bay.freed',
      1,
      z.object({ thing: z.object({ a: z.string().optional() }).meta({ id: 'Bay' }) }),
      about,
    );
    z.globalRegistry.clear();
    const second = defineEvent(
      'parking.lot.freed',
      1,
      z.object({ thing: z.object({ b: z.string().optional() }).meta({ id: 'Bay' }) }),
      about,
    );
    z.globalRegistry.add((first.schema as z.ZodObject<{ thing: z.ZodType }>).shape.thing, { id: 'Bay' });
    expect(() => asyncApi({ events: [first, second] })).toThrow('Two different schemas are called “Bay”');
  });
});
