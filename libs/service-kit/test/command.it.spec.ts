import { connectAs, eventually, ownerOf, startService, suiteDeployment } from '@leasewire/testing';
import { describeEnv, runCommand } from '../src/index.js';
import { demo, harbour, note, NotesHeard } from './demo/demo.service.js';
import { publishUnreadable } from './demo/unreadable.js';

interface Letters {
  readonly items: readonly { readonly seq: number }[];
}

async function run(...line: string[]): Promise<string> {
  const { environmentOf } = await suiteDeployment();
  const said: string[] = [];
  await runCommand(demo, line, {
    env: environmentOf('audit'),
    process: false,
    logTo: { write: () => undefined },
    print: (text) => said.push(text),
  });
  return said.join('\n');
}

describe('a command', () => {
  it('gets its options parsed', async () => {
    expect(await run('greet', '--name', 'Ana')).toBe('hello Ana');
    expect(await run('greet', '--name=Ana', '--loud')).toBe('HELLO ANA');
  });

  it.each([
    [['greet'], /--name must be some text .*\n\naudit greet: Says hello\.\n {2}--name {2}some text \(needed\)\n {2}--loud/s],
    [['greet', '--nome', 'x'], /Unknown option '--nome'/],
    [['dance'], /audit has no command “dance”\.\n\nCommands of audit:\n {2}greet/],
    [[], /^Say what to do\./],
  ])('%j is answered with what would be right', async (line, message) => {
    await expect(run(...line)).rejects.toThrow(message);
  });

  it('help and env need no server', async () => {
    const said: string[] = [];
    const options = { env: {}, process: false, print: (text: string) => said.push(text) };
    await runCommand(demo, ['help'], options);
    await runCommand(demo, ['env'], options);
    expect(said).toEqual([expect.stringContaining('dead-letters replay'), describeEnv(demo)]);
  });

  it('rebuild takes over what others have, for a service that keeps any of it', async () => {
    const service = await startService(demo);
    const gateway = await connectAs('gateway');
    for (const text of ['one', 'two']) await gateway.call(ownerOf(harbour), note, { text });
    NotesHeard.texts.push('long gone');
    expect(await run('rebuild')).toMatch(/^notes-heard: 2 taken over; as of position \d+ of the owner’s events\.$/);
    expect(NotesHeard.texts.sort()).toEqual(['one', 'two']);
    await expect(run('rebuild', '--model', 'people')).rejects.toThrow(/no “people” to rebuild\. There is: notes-heard/);
    await service.close();
  });

  describe('comes with every service that owns data:', () => {
    it('indexes check', async () => {
      expect(JSON.parse(await run('indexes', 'check'))).toEqual({ missing: [], undeclared: [], changed: [] });
    });
    it('secrets rotate', async () => {
      await expect(run('secrets', 'rotate')).resolves.toEqual(expect.any(String));
    });
    it('epoch bump, while the service is stopped', async () => {
      expect(await run('epoch', 'bump')).toMatch(/^The epoch is now \d+\./);
    });
    it('dead letters', async () => {
      const service = await startService(demo);
      await connectAs('gateway');
      expect(JSON.parse(await run('dead-letters', 'list'))).toEqual({ items: [], nextAfter: null });
      await expect(run('dead-letters', 'show', '--seq', '7')).rejects.toThrow(/no dead letter 7/);
      await expect(run('dead-letters', 'replay')).rejects.toThrow(/Say which/);
      expect(await run('dead-letters', 'drop', '--handler', 'see-notes')).toBe('0 dropped.');
      await service.close();
    });
    it('dead letters that are there: listed with the reason, shown, given back to their handler, and dropped', async () => {
      const service = await startService(demo);
      await publishUnreadable();
      const listed = async () => (JSON.parse(await run('dead-letters', 'list', '--handler', 'see-notes')) as Letters).items;
      const [letter] = await eventually(async () => {
        const items = await listed();
        expect(items).toMatchObject([
          { handler: 'see-notes', reason: 'invalid-data', error: expect.stringContaining('text') as string },
        ]);
        return items;
      });
      const seq = String(letter!.seq);
      expect(JSON.parse(await run('dead-letters', 'show', '--seq', seq))).toMatchObject({
        body: expect.stringContaining('"text":5') as string,
      });
      expect(await run('dead-letters', 'replay', '--seq', seq)).toBe('1 replayed.');
      // its handler cannot read it today either
      const again = await eventually(async () => {
        const items = await listed();
        expect(items.map((one) => one.seq)).toEqual([expect.any(Number)]);
        expect(items[0]!.seq).not.toBe(letter!.seq);
        return items[0]!;
      });
      await expect(run('dead-letters', 'show', '--seq', seq)).rejects.toThrow(/no dead letter/);
      expect(await run('dead-letters', 'drop', '--seq', String(again.seq))).toBe('1 dropped.');
      expect(await listed()).toEqual([]);
      await service.close();
    });
    it('events that were put aside', async () => {
      expect(JSON.parse(await run('events', 'parked'))).toEqual([]);
      expect(await run('events', 'unpark')).toBe('0 will be published again.');
    });
  });
});
