import { newId } from '@leasewire/messaging';

export function people(propertyId, count) {
  return Array.from({ length: count }, (_, n) => ({
    ...{ residentId: newId('res'), personId: newId('per'), propertyId, unitIds: [], unit: `B-${n}`, bedroom: null },
    ...{
      name: { first: 'Ana', last: `Reyes ${n}` },
      displayName: `Ana Reyes ${n}`,
      email: `ana${n}@example.test`,
      sharedEmail: false,
    },
    ...{ phone: null, language: null, state: 'active', userTypes: ['resident'], leaseStatus: 'current', accountStatus: null },
    ...{ access: { open: true, reason: 'lease' }, assignable: true, issues: [], version: 1 },
  }));
}

export function propertyOf(id) {
  const at = new Date().toISOString();
  return {
    ...{ id, name: 'Harbour House', kind: 'rental', timeZone: 'Australia/Brisbane', country: 'AU', currency: 'AUD', address: {} },
    ...{ importMode: 'automatic', serviceStartedAt: at, connectionId: null, lastSweepAt: null, state: 'active' },
    policy: { futureMoveInDays: 3, futureMoveOutDays: 0, staleAfterDays: 7 },
    ...{ version: 1, createdAt: at, updatedAt: at },
  };
}
