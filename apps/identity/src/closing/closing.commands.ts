import { EmailAddress, OrgId } from '@leasewire/contracts';
import { defineCommand } from '@leasewire/service-kit';
import { z } from 'zod';
import { ClosingService } from './closing.service.js';

export const reopenOrganization = defineCommand({
  name: 'reopen-organization',
  describe:
    'Open an organization that was closed, and let one of its owners in again; connections and keys are made anew by them',
  args: z.object({
    organization: OrgId.describe('The organization'),
    ownerEmail: EmailAddress.describe('Who was an owner when it closed'),
  }),
  async run(context, { organization, ownerEmail }) {
    const { name } = await context.get(ClosingService).reopen(organization, ownerEmail);
    context.print(`${name} is open. ${ownerEmail} signs in as before; recover-staff makes a link where the password is lost.`);
  },
});
