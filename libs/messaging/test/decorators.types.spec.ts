import { type Fact } from '@leasewire/contracts';
import { OnEveryEvent, OnEvent, Rpc, type Call } from '../src/index.js';
import { greet, invite, staffInvited, staffRemoved, tidy } from './fixtures.js';

/** `tsc -b` is the test: a line marked as an error that compiles is one. */

class Right {
  @Rpc(greet)
  greet(input: { name: string }, call: Call) {
    return Promise.resolve({ greeting: input.name, version: call.method.length });
  }
  @Rpc(invite)
  async invite(input: { email: string; role: string }): Promise<{ id: string; role: string; version: number }> {
    return Promise.resolve({ id: '', role: input.role, version: 1 });
  }
  @Rpc(tidy)
  async tidy() {
    return Promise.resolve(undefined);
  }
  @OnEvent(staffInvited, { durable: 'one' })
  async one(fact: Fact<typeof staffInvited>): Promise<void> {
    await Promise.resolve(fact.data.email);
  }
  @OnEvent(staffRemoved, { durable: 'two' })
  async two(): Promise<void> {
    await Promise.resolve();
  }
  @OnEveryEvent({ durable: 'three' })
  async three(fact: Fact): Promise<void> {
    await Promise.resolve(fact.data);
  }
}

class Wrong {
  // @ts-expect-error the name of the contract is a string
  @Rpc(greet)
  input(input: { name: number }) {
    return Promise.resolve({ greeting: String(input.name) });
  }
  // @ts-expect-error more is asked of the input than the contract gives
  @Rpc(greet)
  more(input: { name: string; age: number }) {
    return Promise.resolve({ greeting: input.name });
  }
  // @ts-expect-error the second parameter is the call
  @Rpc(greet)
  second(input: { name: string }, other: string) {
    return Promise.resolve({ greeting: input.name + other });
  }
  // @ts-expect-error there is no third parameter
  @Rpc(greet)
  third(input: { name: string }, _call: Call, _third: string) {
    return Promise.resolve({ greeting: input.name });
  }
  // @ts-expect-error the greeting is missing
  @Rpc(greet)
  output() {
    return Promise.resolve({ hello: '' });
  }
  // @ts-expect-error it is not async
  @Rpc(greet)
  sync() {
    return { greeting: '' };
  }
  // @ts-expect-error it is the fact of another event
  @OnEvent(staffRemoved, { durable: 'a' })
  event(fact: Fact<typeof staffInvited>): Promise<void> {
    expect(fact).toBeDefined();
    return Promise.resolve();
  }
  // @ts-expect-error it is not async: nobody would wait for it before the ack
  @OnEvent(staffRemoved, { durable: 'b' })
  notAwaited(): void {
    // nothing
  }
  // @ts-expect-error an event has no answer
  @OnEvent(staffRemoved, { durable: 'c' })
  answers(): Promise<number> {
    return Promise.resolve(1);
  }
  // @ts-expect-error a handler of every event knows nothing of the data
  @OnEveryEvent({ durable: 'd' })
  every(fact: Fact<typeof staffInvited>): Promise<void> {
    expect(fact).toBeDefined();
    return Promise.resolve();
  }
  // @ts-expect-error a durable name is needed
  @OnEvent(staffRemoved, {})
  nameless(): Promise<void> {
    return Promise.resolve();
  }
}

// Any fact is a fact, but never the fact of another contract.
declare const removed: Fact<typeof staffRemoved>;
const anyFact = (): Fact => removed;
// @ts-expect-error it is the fact of another contract
const another = (): Fact<typeof staffInvited> => removed;

it('decorators accept only methods that fit their contract', () => {
  expect([Right.name, Wrong.name]).toEqual(['Right', 'Wrong']);
  expect([anyFact.length, another.length]).toEqual([0, 0]);
});
