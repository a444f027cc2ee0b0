import { DomainError, EmailAddress, Locale, PersonName } from '@leasewire/contracts';
import { CONFIG, defineCommand, type Config } from '@leasewire/service-kit';
import { z } from 'zod';
import type { identityConfig } from '../config.js';
import { BootstrapService } from './bootstrap.service.js';
import { demo } from './demo.js';

export const createOrganization = defineCommand({
  name: 'create-organization',
  describe: 'Begin an organization with its first owner; typed again, it finds the same one',
  args: z.object({
    name: z.string().trim().min(1).max(120).describe('What it is called'),
    ownerEmail: EmailAddress.describe('How the first owner signs in'),
    ownerName: PersonName.describe('What the first owner is called'),
    locale: Locale.default('en-US').describe('Language and region of the owner, such as en-AU'),
    passwordStdin: z
      .boolean()
      .default(false)
      .describe('Read the password from standard input; without it an invitation link is printed'),
  }),
  async run(context, { name, ownerEmail, ownerName, locale, passwordStdin }) {
    const password = passwordStdin ? await firstLineOfStdin() : undefined;
    const begun = await context.get(BootstrapService).begin(name, { email: ownerEmail, name: ownerName, locale, password });
    context.print(
      `${begun.created ? 'Began' : 'Found'} the organization ${begun.organization.name} (${begun.organization._id}).`,
    );
    if (begun.link)
      context.print(`Send ${begun.owner.email} this link; it holds until ${begun.link.expiresAt}:\n${begun.link.url}`);
    else context.print(`${begun.owner.email} signs in with their password.`);
  },
});

export const seedDemo = defineCommand({
  name: 'seed-demo',
  describe: 'Two demo organizations with sign-ins that everybody knows; never in production',
  args: z.object({}),
  async run(context) {
    if (context.get<Config<typeof identityConfig>>(CONFIG).NODE_ENV === 'production')
      throw new DomainError(
        'forbidden',
        'The demo has passwords that everybody knows; it is not for NODE_ENV=production. Use create-organization.',
      );
    const bootstrap = context.get(BootstrapService);
    const signIns: { organization: string; role: string; name: string; email: string; password: string }[] = [];
    const organizations: { id: string; name: string }[] = [];
    for (const { name: organization, locale, staff } of demo) {
      const [owner, ...others] = staff;
      const { organization: begun } = await bootstrap.begin(organization, { ...owner, locale });
      for (const { role, ...one } of others) await bootstrap.add(begun._id, role, { ...one, locale });
      organizations.push({ id: begun._id, name: begun.name });
      for (const { role, name, email, password } of staff) signIns.push({ organization, role, name, email, password });
    }
    context.print(JSON.stringify({ organization: organizations[0], organizations, signIns }));
  },
});

async function firstLineOfStdin(): Promise<string> {
  let text = '';
  for await (const chunk of process.stdin) text += String(chunk);
  return text.split(/\r?\n/)[0] ?? '';
}
