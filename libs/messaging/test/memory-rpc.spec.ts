import { DomainError } from '@leasewire/contracts';
import { MemoryRpc } from '../src/index.js';
import { greet, invite, org, staff, tidy } from './fixtures.js';

const via = { assertion: 'x', correlationId: 'c', idempotencyKey: 'k' };

describe('services as functions, for unit tests,', () => {
  it('answer a call with parsed input and the caller the test chose', async () => {
    const rpc = new MemoryRpc(staff());
    rpc.handle(invite, (input, call) =>
      Promise.resolve({ id: `${input.email} ${call.orgId === org} ${call.idempotencyKey}`, role: input.role, version: 1 }),
    );
    expect(await rpc.call(invite, { email: 'ana' }, via)).toEqual({ id: 'ana true k', role: 'employee', version: 1 });
    expect(rpc.calls).toEqual([{ method: 'identity.invite', input: { email: 'ana' }, via }]);
  });

  it.each([
    ['nothing that handles it', (rpc: MemoryRpc) => rpc.call(greet, { name: 'a' }, via), 'unavailable'],
    ['input that does not fit', (rpc: MemoryRpc) => rpc.call(invite, { email: 7 } as never, via), 'invalid-input'],
    ['a call that is for services only', (rpc: MemoryRpc) => rpc.call(tidy, undefined, via), 'forbidden'],
  ])('refuse a call with %s as the real ones do', async (_name, call, code) => {
    const rpc = new MemoryRpc(staff());
    rpc.handle(invite, () => Promise.resolve({ id: '', role: '', version: 1 }));
    rpc.handle(tidy, () => Promise.resolve(undefined));
    await expect(call(rpc)).rejects.toMatchObject({ code });
  });

  it('pass errors on as they travel over the wire', async () => {
    const rpc = new MemoryRpc(staff());
    rpc.handle(greet, () => Promise.reject(new DomainError('conflict.state', 'Not now.', { now: 1 })));
    await expect(rpc.call(greet, { name: 'a' }, via)).rejects.toMatchObject({ code: 'conflict.state', details: { now: 1 } });
    expect((await rpc.callRaw(greet, { name: 'a' }, via)).ok).toBe(false);
  });

  it('let a mistake in the test show', async () => {
    const rpc = new MemoryRpc(staff());
    rpc.handle(greet, () => Promise.reject(new TypeError('mistake')));
    await expect(rpc.call(greet, { name: 'a' }, via)).rejects.toThrow(TypeError);
  });
});
