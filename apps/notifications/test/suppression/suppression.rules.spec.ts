import type { Suppression } from '@leasewire/contracts';
import type { Category, Channel } from '../../src/compose/category.rules.js';
import { holdsFor } from '../../src/suppression/suppression.rules.js';

describe('an address on the suppression list', () => {
  it.each<[Suppression['reason'], Category, Channel, boolean]>([
    ['hard-bounce', 'operational', 'email', true],
    ['hard-bounce', 'security', 'email', true],
    ['soft-bounces', 'emergency', 'email', true],
    ['complaint', 'operational', 'email', true],
    ['complaint', 'marketing', 'email', true],
    ['complaint', 'security', 'email', false],
    ['complaint', 'emergency', 'email', false],
    ['staff', 'operational', 'email', true],
    ['staff', 'security', 'email', false],
    ['staff', 'emergency', 'email', false],
    ['staff', 'security', 'sms', true],
    ['staff', 'emergency', 'sms', true],
    ['unreachable-number', 'emergency', 'sms', true],
  ])('for %s keeps back a message (%s, %s): %p', (reason, category, channel, holds) => {
    expect(holdsFor({ reason }, category, channel)).toBe(holds);
  });
});
