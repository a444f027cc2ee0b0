import {
  createMessage,
  getMessage,
  listDeliveries,
  previewMessage,
  type Delivery,
  type InputOf,
  type MessageId,
  type RpcContract,
} from '@leasewire/contracts';
import { startMailCatcher } from '@leasewire/simulators';
import { connectAs, eventually, newOrgId, onCleanUp, staffActor, startProcess, type Peer } from '@leasewire/testing';
import { StubDirectory } from './stub-directory.js';

/** Ten among 2,000 in `npm test`; two hundred among 5,000 in `npm run test:chaos`. */
const recipients = Number(process.env['LEASEWIRE_CHAOS_RECIPIENTS'] ?? 2000);
const kills = Number(process.env['LEASEWIRE_CHAOS_KILLS'] ?? 10);
/** What one process attempts at once. */
const batch = 50;
const leaseMs = 3000;
/** For whoever watches a long run. */
const says = (words: string): boolean => process.stderr.write(`${words}\n`);

jest.setTimeout(180_000 + kills * 30_000 + recipients * 60);

describe('a service that is killed with -9 again and again in the middle of a message to a whole property', () => {
  it('writes to everybody at most once, and every row is true', async () => {
    const mail = await startMailCatcher();
    onCleanUp(() => mail.close());
    const directory = await StubDirectory.start();
    const identity = await connectAs('identity');
    await identity.bus.ensureStream('identity');
    const gateway = await connectAs('gateway');
    const orgId = newOrgId();
    const staff = staffActor({ orgId });
    const property = await directory.property(orgId);
    for (let n = 0; n < recipients; n++) directory.add(property.id);

    const { host, port } = mail.smtp;
    const service = await startProcess('notifications', {
      LEASEWIRE_SMTP_HOST: host,
      LEASEWIRE_SMTP_PORT: String(port),
      LEASEWIRE_UNDO_MS: '0',
      LEASEWIRE_DELIVERY_LEASE_MS: String(leaseMs),
      LEASEWIRE_LOG_LEVEL: 'error',
    });
    const ask = <C extends RpcContract>(contract: C, input: InputOf<C>) =>
      gateway.call(staff, contract, input, { timeoutMs: 30_000 });

    /** One message, killed until too few of its people are left; how often that was. */
    const blast = async (most: number): Promise<number> => {
      await mail.catcher.clear();
      const draft = {
        propertyId: property.id,
        audience: { propertyIds: [property.id] },
        subject: 'Water is off',
        body: '<p>Dear {{ resident.name }}, water is off on Tuesday.</p>',
      };
      const { token, reach } = await eventually(() => ask(previewMessage, { draft }), { timeoutMs: 30_000 });
      expect(reach.reached).toBe(recipients);
      // as fast as a distant server: else it were over before the first kill
      await mail.catcher.fault({ kind: 'slow', at: 'end', ms: 200 });
      const message = await ask(createMessage, { draft, token, typed: recipients });

      let killed = 0;
      // on a busy machine more goes out between two kills; the last hundreds are for the end
      for (; killed < most && mail.catcher.tally().accepted + killed * batch < recipients - 100; killed++) {
        const before = mail.catcher.tally().accepted;
        // longer than the claim of who was killed while writing deliveries lasts: on a busy machine few were written by then
        await eventually(() => expect(mail.catcher.tally().accepted).toBeGreaterThan(before + 5), { timeoutMs: 60_000 });
        await new Promise((resolve) => setTimeout(resolve, (killed * 137) % 400));
        await service.kill();
        await service.start();
      }
      await mail.catcher.clearFaults();

      await eventually(async () => expect((await ask(getMessage, { messageId: message.id })).state).toBe('done'), {
        timeoutMs: 60_000 + recipients * 10,
        everyMs: 500,
      });
      const rows = await all(gateway, staff, message.id);
      const { byRecipient } = mail.catcher.tally();
      expect(rows).toHaveLength(recipients);
      expect([...byRecipient.values()].filter((times) => times !== 1)).toEqual([]);
      const states = new Set(rows.map(({ state }) => state));
      expect([...states].filter((state) => state !== 'sent' && state !== 'unknown')).toEqual([]);
      const sent = rows.filter(({ state }) => state === 'sent');
      expect(sent.filter(({ address }) => !byRecipient.has(address ?? ''))).toEqual([]);
      const unknown = rows.filter(({ state }) => state === 'unknown');
      expect(unknown.length).toBeLessThanOrEqual(killed * batch);
      expect(sent.length + unknown.length).toBe(recipients);
      says(`${recipients} people, killed ${killed} times: ${sent.length} sent, ${unknown.length} unknown, nobody twice`);
      return killed;
    };

    let killed = 0;
    // each kill may leave a batch unknown, so two hundred use up more than one message
    while (killed < kills) {
      const more = await blast(kills - killed);
      expect(more).toBeGreaterThan(0);
      killed += more;
    }
    expect(killed).toBe(kills);
  });
});

async function all(gateway: Peer, staff: ReturnType<typeof staffActor>, messageId: MessageId): Promise<Delivery[]> {
  const rows: Delivery[] = [];
  let cursor: string | null | undefined;
  do {
    const page = await gateway.call(staff, listDeliveries, {
      messageId,
      limit: 200,
      ...(typeof cursor === 'string' && { cursor }),
    });
    rows.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return rows;
}
