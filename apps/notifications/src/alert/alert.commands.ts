import { defineCommand } from '@leasewire/service-kit';
import { z } from 'zod';
import { KnownRoles } from './known-roles.js';

export const rebuildStaff = defineCommand({
  name: 'staff rebuild',
  describe: 'Reads organizations, staff and roles anew from identity: whom alerts and staff mails go to.',
  args: z.object({}),
  run: async ({ get, print }) => {
    print(`${await get(KnownRoles).rebuild()} organizations, staff and roles were read from identity.`);
  },
});
