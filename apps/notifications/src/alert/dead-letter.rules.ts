import { OrgId, type DeadLetter } from '@leasewire/contracts';
import type { Raised } from './alert.service.js';

export interface Told {
  readonly orgId: OrgId;
  readonly raised: Raised;
}

/**
 * One alert for each organization, handler and day: they come in a heap when something is wrong, and one mail says it. What names no
 * organization is for whoever runs the deployment: metrics and logs tell them.
 */
export function alertsAbout(service: string, letters: readonly DeadLetter[]): Told[] {
  const groups = new Map<string, { orgId: OrgId; key: string; count: number }>();
  for (const { handler, subject, at } of letters) {
    const orgId = OrgId.safeParse(subject.split('.').at(-1));
    if (!orgId.success) continue;
    const key = `${service}:${handler}:${at.slice(0, 10)}`;
    const group = groups.get(`${orgId.data} ${key}`) ?? { orgId: orgId.data, key, count: 0 };
    groups.set(`${orgId.data} ${key}`, { ...group, count: group.count + 1 });
  }
  return [...groups.values()].map(({ orgId, key, count }) => ({
    orgId,
    raised: {
      kind: 'dead-letters',
      key,
      propertyId: null,
      // no page shows them: whoever runs the deployment does this, and the mail says how
      data: {
        'alert.service': service,
        'alert.count': String(count),
        'alert.way': `docker compose exec ${service} node dist/cli.js dead-letters list`,
      },
      place: '/',
    },
  }));
}
