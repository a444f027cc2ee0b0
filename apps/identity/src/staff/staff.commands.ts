import { EmailAddress, OrgId } from '@leasewire/contracts';
import { defineCommand } from '@leasewire/service-kit';
import { z } from 'zod';
import { StaffRecoveryService } from './staff-recovery.service.js';

export const recoverStaff = defineCommand({
  name: 'recover-staff',
  describe: 'A link to get in again, for somebody whom nobody of their organization can help',
  args: z.object({
    email: EmailAddress.describe('Their address'),
    organization: OrgId.describe('Their organization'),
    withoutSecondFactor: z.boolean().default(false).describe('Also turn their second factor off'),
  }),
  async run(context, { email, organization, withoutSecondFactor }) {
    const link = await context.get(StaffRecoveryService).recover({ orgId: organization, email, withoutSecondFactor });
    context.print(`Give ${email} this link; it holds until ${link.expiresAt}:\n${link.url}`);
  },
});
