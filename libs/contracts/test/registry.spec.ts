import { z } from 'zod';
import {
  collect,
  commonErrors,
  defineEvent,
  defineErrors,
  defineJob,
  defineRpc,
  errorTable,
  eventByType,
  rpcByName,
} from '../src/index.js';
import { serviceNames, services, type ServiceContracts } from '../src/index.js';

const nothing: ServiceContracts = { events: [], rpcs: [], jobs: [], errors: {} };
const event = defineEvent('parking.bay.freed', 1, z.object({}), { describe: 'x', view: 'service', example: {} });
const rpc = defineRpc('parking.free', {
  does: 'command',
  input: z.object({}),
  output: z.object({}),
  errors: ['parking.unknown-bay'],
  permission: 'service',
  describe: 'x',
});
const job = defineJob('parking.sweep', {
  input: z.object({}),
  item: z.object({}),
  permission: 'network.wifi:full',
  describe: 'x',
});
const errors = defineErrors({ 'parking.unknown-bay': { status: 404, describe: 'x' } });
const parking: ServiceContracts = { events: [event], rpcs: [rpc], jobs: [job], errors };

describe('the registry', () => {
  it('finds what the services bring, and the errors everyone shares', () => {
    const { eventByType: byType, ...found } = collect([parking], ['parking']);
    expect(byType('parking.bay.freed.v1')).toBe(event);
    expect(found.rpcByName('parking.free')).toBe(rpc);
    expect(found.jobByName('parking.sweep')).toBe(job);
    expect(found.findError('parking.unknown-bay')?.status).toBe(404);
    expect(found.errorTable).toEqual({ ...commonErrors, ...errors });
  });

  it.each<[string, ServiceContracts[], string]>([
    ['an event type', [parking, { ...nothing, events: [event] }], 'event “parking.bay.freed.v1” is defined twice'],
    ['an rpc name', [parking, { ...nothing, rpcs: [rpc] }], 'rpc “parking.free” is defined twice'],
    ['a job name', [parking, { ...nothing, jobs: [job] }], 'job “parking.sweep” is defined twice'],
    ['an error code', [parking, { ...nothing, errors }], 'error code “parking.unknown-bay” is defined twice'],
    ['a shared error code', [{ ...nothing, errors: { forbidden: { status: 403, describe: 'x' } } }], 'error code “forbidden”'],
  ])('refuses %s that is defined twice', (_what, parts, message) => {
    expect(() => collect(parts, ['parking'])).toThrow(message);
  });

  it('refuses an rpc that names an error of no table', () => {
    expect(() => collect([{ ...nothing, rpcs: [rpc] }], ['parking'])).toThrow('“parking.unknown-bay”, which is in no table');
  });

  it('refuses contracts of a service without a row', () => {
    expect(() => collect([parking], ['identity'])).toThrow('“parking”, which has no row in services.ts');
  });

  it('holds the contracts of every service of the platform that has any', () => {
    expect(rpcByName('identity.sign-in')?.does).toBe('command');
    expect(eventByType('identity.staff.invited.v1')?.service).toBe('identity');
    expect(errorTable['staff.last-owner']?.status).toBe(409);
    expect(serviceNames).toContain('gateway');
  });

  it('holds what every owning service answers, whether it lists it or not', () => {
    for (const [service, row] of Object.entries(services))
      expect([service, rpcByName(`${service}.get-job`) !== undefined]).toEqual([service, row.owns]);
  });
});
