import { StaffId, type OrgId } from '@leasewire/contracts';
import {
  Database,
  defineCollection,
  systemScope,
  TenantRepository,
  tenantDoc,
  type DocOf,
  type Tx,
} from '@leasewire/persistence';
import { Injectable } from '@nestjs/common';
import { z } from 'zod';
import { accessEnded } from '../access/access.rules.js';

const TwoFactor = z.discriminatedUnion('state', [
  z.object({ state: z.literal('off') }),
  z.object({ state: z.literal('offered'), secret: z.string(), at: z.date() }),
  z.object({
    state: z.literal('on'),
    secret: z.string(),
    since: z.date(),
    usedStep: z.int().describe('Codes of this step and before are used up'),
    recoveryHashes: z.array(z.string()),
  }),
]);

/**
 * What somebody proves who they are with, apart from the staff member so that it is never read by accident. Every sign-in
 * and everything that forbids one (archiving, a new password) writes it: they cannot pass each other.
 */
export const credentialDef = defineCollection(
  'credentials',
  tenantDoc.extend({
    _id: StaffId,
    passwordHash: z.string().nullable(),
    passwordSetAt: z.date().nullable(),
    twoFactor: TwoFactor,
  }),
  { scope: 'org', sealed: ['twoFactor.secret'] },
);
export type CredentialDoc = DocOf<typeof credentialDef>;
export type TwoFactor = CredentialDoc['twoFactor'];

@Injectable()
export class CredentialRepository extends TenantRepository<typeof credentialDef> {
  constructor(db: Database) {
    super(db, credentialDef);
  }

  /** Everyone of the staff has one; whose is not there is not there themselves. */
  async of({ orgId, _id }: { readonly orgId: OrgId; readonly _id: StaffId }, tx?: Tx): Promise<CredentialDoc> {
    const found = await this.findOne({ orgId, _id }, tx && { tx });
    if (!found) throw accessEnded();
    return found;
  }

  /** Across organizations: the accounts of one e-mail address. Asked even for nobody, which takes as long. */
  ofAll(ids: readonly StaffId[]): Promise<CredentialDoc[]> {
    return systemScope(this).find({ _id: { $in: [...ids] } });
  }

  async begin(tx: Tx, orgId: OrgId, _id: StaffId): Promise<CredentialDoc> {
    return this.insert(tx, { _id, orgId, passwordHash: null, passwordSetAt: null, twoFactor: { state: 'off' } });
  }

  /** Whoever is signing in at this moment is made to look again. */
  async block(tx: Tx, staff: { readonly orgId: OrgId; readonly _id: StaffId }): Promise<void> {
    await this.save(tx, await this.of(staff, tx));
  }
}
