import { SecretBox } from '@leasewire/persistence';
import { randomBytes } from 'node:crypto';
import type { ConnectionDoc } from '../../src/connection/connection.repository.js';
import { OpenedConnectors } from '../../src/connection/opened-connectors.js';

const box = SecretBox.fromRing(`k1:${randomBytes(32).toString('base64')}`);
const opened = new OpenedConnectors(box, null as never, null as never, null as never, null as never);

type Fields = Record<string, string>;
const stored = (pms: ConnectionDoc['pms'], settings: Fields, credentials: Fields) =>
  ({ orgId: 'org_1', pms, settings, credentials: opened.seal('org_1', credentials) }) as unknown as ConnectionDoc;
const entrata = stored('entrata', { subdomain: 'harbour' }, { apiKey: 'stored' });
const legacy = stored('entrata', { subdomain: 'harbour', generation: 'legacy' }, { username: 'us', password: 'stored' });
const buildium = stored('buildium', {}, { clientId: 'id', clientSecret: 'stored', webhookSecret: 'hook' });
const propertyiq = stored('propertyiq', { baseUrl: 'https://bay.example.com' }, { clientId: 'id', clientSecret: 'stored' });
const stratamax = stored('stratamax', {}, { apiKey: 'stored' });
const mine = { baseUrl: 'https://mine.example.net' };

describe('stored credentials, when the settings of a connection change,', () => {
  it.each<[string, ConnectionDoc, Fields]>([
    ['Entrata at another host', entrata, { subdomain: 'harbour', ...mine }],
    ['Entrata of the older generation, of another subdomain', legacy, { subdomain: 'mine', generation: 'legacy' }],
    ['Buildium at another host', buildium, mine],
    ['PropertyIQ, and with it its tokens, at another host', propertyiq, mine],
    ['PropertyIQ at another port', propertyiq, { baseUrl: 'https://bay.example.com:8443' }],
    ['PropertyIQ without TLS', propertyiq, { baseUrl: 'http://bay.example.com' }],
    ['StrataMax at another host', stratamax, mine],
  ])('do not follow to %s', (_name, was, settings) => {
    expect(() => opened.changed(was, { settings })).toThrow(/is sent to no other: enter the credentials again/);
  });

  it.each<[string, ConnectionDoc, Fields, Fields, Fields]>([
    ['not one of them', buildium, mine, { clientId: 'new', clientSecret: 'new' }, { webhookSecret: 'hook' }],
    ['not those of the other generation', legacy, { subdomain: 'harbour' }, { apiKey: 'new' }, {}],
  ])('are left behind where all are given: %s', (_name, was, settings, credentials, kept) => {
    expect(opened.changed(was, { settings, credentials }).credentials).toEqual({ ...credentials, ...kept });
  });

  it('do not follow because one of them is given', () => {
    const change = { settings: mine, credentials: { clientId: 'new' } };
    expect(() => opened.changed(buildium, change)).toThrow(/clientSecret/);
  });

  it('stay where the host stays, and where nothing but they change', () => {
    const there = { baseUrl: 'https://bay.example.com/v2' };
    expect(opened.changed(propertyiq, { settings: there }).credentials).toEqual({ clientId: 'id', clientSecret: 'stored' });
    const key = { clientSecret: 'new' };
    expect(opened.changed(propertyiq, { credentials: key }).credentials).toEqual({ clientId: 'id', ...key });
  });
});
