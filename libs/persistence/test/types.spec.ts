import { newOrgId } from '@leasewire/testing';
import { z } from 'zod';
import { defineCollection, systemDoc, tenantDoc, TenantRepository, type Database, type New, type Tx } from '../src/index.js';
import { account, type Accounts, type Account } from './subjects.js';

/** Compiled by `tsc -b libs/persistence/test`: each `@ts-expect-error` fails the build when the line below it compiles. */
export function whatDoesNotCompile(accounts: Accounts, tx: Tx, found: Account): void {
  const orgId = newOrgId();
  void accounts.find({ orgId, name: 'Ana' });
  void accounts.find({ orgId, 'due.at': { $lt: found.createdAt }, $or: [{ balance: 1 }, { name: { $in: ['a'] } }] });

  // @ts-expect-error no organization
  void accounts.find({ name: 'Ana' });
  // @ts-expect-error no organization
  void accounts.find({});
  // @ts-expect-error no organization
  void accounts.findOne({ _id: 'acc_1' });
  // @ts-expect-error no organization
  void accounts.get({ _id: 'acc_1' });
  // @ts-expect-error no organization
  void accounts.count({ balance: { $gt: 3 } });
  // @ts-expect-error no organization
  void accounts.page({}, { sort: { name: 1 }, limit: 3 });
  // @ts-expect-error no organization
  void accounts.stream({});
  // @ts-expect-error no organization
  void accounts.aggregate({}, []);
  // @ts-expect-error no organization
  void accounts.remove(tx, { _id: 'acc_1' });
  // @ts-expect-error no organization
  void accounts.removeMany(tx, { name: 'Ana' });
  // @ts-expect-error no organization
  void accounts.touch({ _id: 'acc_1' }, { seenAt: found.createdAt });
  // @ts-expect-error an organization in a branch is no wall
  void accounts.find({ $or: [{ orgId }] });
  // @ts-expect-error an operator is not an organization
  void accounts.find({ orgId: { $in: [orgId] } });
  // @ts-expect-error an operator is not an organization
  void accounts.find({ orgId: { $ne: orgId } });
  // @ts-expect-error any text is not an organization
  void accounts.find({ orgId: 'Acme' });
  // @ts-expect-error undefined is not an organization
  void accounts.find({ orgId: undefined });
  void accounts.find({ orgId, email: null });
  // @ts-expect-error no such field
  void accounts.find({ orgId, nmae: 'Ana' });
  // @ts-expect-error not its type
  void accounts.find({ orgId, balance: 'three' });
  // @ts-expect-error undefined matches more than was meant
  void accounts.find({ orgId, email: undefined });

  const fresh: New<Account> = { _id: 'acc_1', orgId, name: 'Ana', balance: 1, labels: [] };
  void accounts.insert(tx, fresh);
  // @ts-expect-error a document without an organization
  void accounts.insert(tx, { _id: 'acc_1', name: 'Ana', balance: 1, labels: [] });
  // @ts-expect-error the version is kept by the repository
  void accounts.touch({ orgId, _id: 'acc_1' }, { version: 3 });
  // @ts-expect-error a write needs a transaction
  void accounts.save(found);
}

export function whatCannotBeDeclared(db: Database): void {
  // @ts-expect-error a document of an organization extends tenantDoc
  defineCollection('things', systemDoc.extend({ name: z.string() }), { scope: 'org' });
  // @ts-expect-error every document extends systemDoc
  defineCollection('things', z.object({ _id: z.string() }), { scope: 'system' });
  const system = defineCollection('things', systemDoc.extend({ name: z.string() }), { scope: 'system' });
  // @ts-expect-error a collection of the system has no organizations to keep apart
  new TenantRepository(db, system);
}

describe('types', () => {
  it('keep an organization apart from the others; the compiler has checked it', () => {
    expect(account.scope).toBe('org');
    expect(() => defineCollection('Not a name', tenantDoc, { scope: 'org' })).toThrow('must be lower-case words');
  });
});
