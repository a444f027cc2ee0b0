import { DomainError, type Platform } from '@leasewire/contracts';
import type { Clock } from '@leasewire/messaging';
import { SecretBox } from '@leasewire/persistence';
import { CLOCK, CONFIG, Logger } from '@leasewire/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { z } from 'zod';
import { connectorOf, connectors } from '../connector/connectors.js';
import type { Connector, UpstreamProperty } from '../connector/connector.js';
import { createVendorHttp, type VendorHttpOptions } from '../connector/vendor-http.js';
import type { PmsSyncConfig } from '../config.js';
import type { ConnectionDoc } from './connection.repository.js';
import { MongoRateLedger } from './mongo-rate-ledger.js';
import { zoneOf } from './place.rules.js';

type Fields = Record<string, string>;
export type HowToAsk = Omit<VendorHttpOptions, 'lane' | 'ledger' | 'policy' | 'clock' | 'log'>;
const StringFields = z.record(z.string(), z.string());
/** With it a vendor's signals to us are checked. */
const neverSent = ['webhookSecret'];
const pick = (fields: Fields, names: readonly string[]): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => names.includes(name)));
const place = (orgId: string) => ({ orgId, collection: 'connections', field: 'credentials' });

/** Between a connection as it is kept and the connector that speaks for it. The only file that sees credentials. */
@Injectable()
export class OpenedConnectors {
  constructor(
    private readonly box: SecretBox,
    private readonly ledger: MongoRateLedger,
    private readonly log: Logger,
    @Inject(CLOCK) private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: PmsSyncConfig,
  ) {}

  platforms(): z.output<typeof Platform>[] {
    // a file has nothing to connect to: it is uploaded for a property
    return connectors
      .filter(({ name }) => name !== 'csv')
      .map(({ name, label, kind, verified, fields, capabilities: { balances, deltas, webhook: webhooks, targeted } }) => ({
        pms: name,
        label,
        kind,
        verified,
        can: { balances, deltas, webhooks, oneResident: targeted.residents, oneUnit: targeted.units },
        fields: fields.map((field) => ({ ...field, ...(field.options && { options: [...field.options] }) })),
      }));
  }

  /** Throws what is wrong with a filled-in form, field by field. */
  check(pms: ConnectionDoc['pms'], settings: Fields, credentials: Fields, why = 'The form is not complete.'): void {
    if (pms === 'csv')
      throw new DomainError(
        'connection.settings',
        'Files need no connection: upload one for a property that no PMS feeds. “CSV files” is among the connections from then on.',
      );
    const { fields, ...definition } = connectorOf(pms);
    const read = definition.settings.safeParse(settings);
    const problems = [read, definition.credentials.safeParse(credentials)].flatMap(
      ({ error }) => error?.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message })) ?? [],
    );
    const given = { ...settings, ...credentials };
    const needed = read.success ? (definition.needs?.(settings) ?? []) : [];
    for (const { name, label, required } of fields)
      if ((required || needed.includes(name)) && !given[name]?.trim() && !problems.some(({ path }) => path === name))
        problems.push({ path: name, message: `${label} is needed` });
    if (problems.length === 0) return;
    const first = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
    throw new DomainError('connection.settings', `${why} ${first}`, { fields: problems });
  }

  /**
   * A changed form with its credentials: a form shows none, so what is not given stays as it is. But for another address nothing
   * of it does, or whoever may change the address could have the credentials sent to a host of their own.
   */
  changed(was: ConnectionDoc, given: { settings?: Fields | undefined; credentials?: Fields | undefined }) {
    const settings = given.settings ?? was.settings;
    const stored = this.unseal(was);
    const isThere = this.#originOf(was.pms, settings) === this.#originOf(was.pms, was.settings);
    const credentials = { ...(isThere ? stored : pick(stored, neverSent)), ...given.credentials };
    const moved = 'The address is another one, and what is stored is sent to no other: enter the credentials again.';
    this.check(was.pms, settings, credentials, isThere ? undefined : moved);
    return { pms: was.pms, settings, credentials };
  }

  /** null: it goes nowhere; undefined: the settings do not say. */
  #originOf(pms: ConnectionDoc['pms'], settings: Fields): string | null | undefined {
    const definition = connectorOf(pms);
    if (!definition.settings.safeParse(settings).success) return undefined;
    const address = definition.address(settings);
    return address === null ? null : new URL(address).origin;
  }

  seal(orgId: string, credentials: Fields): string {
    return this.box.seal(JSON.stringify(credentials), place(orgId));
  }

  unseal({ orgId, credentials }: ConnectionDoc): Fields {
    return StringFields.parse(JSON.parse(this.box.open(credentials, place(orgId))));
  }

  /** Two connections to one account would each spend what the vendor allows, and adopt its properties twice. */
  isSameAccount(connection: ConnectionDoc, settings: Fields, credentials: Fields): boolean {
    const connector = connectorOf(connection.pms);
    const theirs = this.unseal(connection);
    const keys = new Set([...Object.keys(theirs), ...Object.keys(credentials)]);
    for (const key of neverSent) keys.delete(key); // it is not what one signs in with
    return (
      connector.address(connection.settings) === connector.address(settings) &&
      [...keys].every((key) => theirs[key] === credentials[key])
    );
  }

  /** What the vendor shows, with what follows from it: where nothing is said of its country, and of the time zone of its state. */
  async properties(connection: ConnectionDoc, how: HowToAsk): Promise<UpstreamProperty[]> {
    const { country: usual } = connectorOf(connection.pms);
    const shown = await this.open(connection, how).listProperties();
    return shown.map((property) => {
      const country = property.country ?? usual;
      const timeZone = property.timeZone ?? (country === undefined ? null : zoneOf(country, property.address?.region));
      return { ...property, ...(country !== undefined && { country }), ...(timeZone !== null && { timeZone }) };
    });
  }

  open(connection: ConnectionDoc, how: HowToAsk = {}): Connector {
    const http = createVendorHttp({
      lane: connection._id,
      ledger: this.ledger,
      policy: { allowedHosts: this.config.LEASEWIRE_PMS_ALLOWED_HOSTS },
      clock: this.clock,
      log: this.log,
      ...how,
    });
    const { settings } = connection;
    return connectorOf(connection.pms).open({
      settings,
      credentials: this.unseal(connection),
      http,
      clock: this.clock,
      log: this.log,
    });
  }
}
