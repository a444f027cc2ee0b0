import {
  resolveAudience,
  type AudienceMember,
  type AudienceSelection,
  type Channel as ChannelName,
  type FieldData,
  type MessageAudience,
  type MessageCategory,
  type OrgId,
  type PropertyId,
  type PropertyScope,
} from '@leasewire/contracts';
import { Assertions, RpcClient } from '@leasewire/messaging';
import { Injectable } from '@nestjs/common';
import { Channels } from '../channel/channel.js';
import { lacking } from '../compose/fill.rules.js';
import { languageFor } from '../compose/language.rules.js';
import { KnownPropertyRepository, type KnownPropertyDoc } from '../known/known-property.repository.js';
import type { KeptRecipient } from '../message/message.repository.js';
import { SenderRepository } from '../sender/sender.repository.js';
import { SuppressionRepository } from '../suppression/suppression.repository.js';
import { holdsFor, suppressedBecause } from '../suppression/suppression.rules.js';
import type { Writing } from '../text/texts.js';
import { ofMember, ofNobody, onceEach, withEmails, type Candidate } from './candidate.rules.js';
import { Consents } from './consents.js';
import { RecipientService } from './recipient.service.js';
import { decide, type Decided } from './verdict.rules.js';

/** What is asked: the same for the preview and for the send. */
export interface Asked {
  readonly orgId: OrgId;
  readonly propertyId: PropertyId | null;
  readonly category: MessageCategory;
  readonly channels: readonly ChannelName[];
  readonly language: string;
  readonly writing: Writing;
  /** Put in for everybody. */
  readonly shared: FieldData;
  /** Fields whose values are secrets that everybody gets: they are there, and not looked at here. */
  readonly secretFields: readonly string[];
  readonly correlationId: string;
}
/** A property, and the phone of its office as its sender has it. */
type Place = KnownPropertyDoc & { readonly phone: string | null };
interface Circle {
  readonly candidates: readonly Candidate[];
  /** Sent by a service to whom it named: it has decided about their state. */
  readonly anyState: boolean;
}

/** Who is meant, and who of them receives it. */
@Injectable()
export class AudienceService {
  constructor(
    private readonly rpc: RpcClient,
    private readonly assertions: Assertions,
    private readonly properties: KnownPropertyRepository,
    private readonly senders: SenderRepository,
    private readonly suppressions: SuppressionRepository,
    private readonly consents: Consents,
    private readonly channels: Channels,
    private readonly recipients: RecipientService,
  ) {}

  async ofDraft(asked: Asked, audience: MessageAudience, scope: PropertyScope): Promise<Decided[]> {
    const { residents, unitIds, propertyIds, emails = [] } = audience;
    const selections: AudienceSelection[] = [
      ...(residents ? [residents] : []),
      ...(unitIds ? [{ unitIds }] : []),
      ...(propertyIds ? [{ propertyIds }] : []),
    ];
    const members = new Map<string, AudienceMember>();
    for (const selection of selections)
      for await (const member of this.members(asked, selection, scope)) members.set(member.residentId, member);
    const named = residents && 'ids' in residents ? residents.ids : [];
    const missing = named.filter((id) => !members.has(id)).map((id) => ofNobody(id, { residentId: id }));
    const people = onceEach(members.values(), asked.propertyId).map(ofMember);
    return this.#decide(asked, { candidates: withEmails([...people, ...missing], emails), anyState: false });
  }

  async ofSelection(asked: Asked, selection: AudienceSelection, scope: PropertyScope): Promise<Decided[]> {
    const members: AudienceMember[] = [];
    for await (const member of this.members(asked, selection, scope)) members.push(member);
    return this.#decide(asked, { candidates: onceEach(members, asked.propertyId).map(ofMember), anyState: false });
  }

  /** Whom a service named. Those whose address it gave receive it in any state; of others only the active do. */
  async ofRecipients(asked: Asked, recipients: readonly KeptRecipient[]): Promise<Decided[]> {
    const { looked, given } = await this.recipients.candidates(asked, recipients, (selection) =>
      this.members(asked, selection, 'all'),
    );
    return [
      ...(await this.#decide(asked, { candidates: looked, anyState: false })),
      ...(await this.#decide(asked, { candidates: given, anyState: true })),
    ];
  }

  /** Page by page, in the service’s own name: whose scope counts is said, for they may have left by now. */
  async *members(
    { orgId, correlationId }: Pick<Asked, 'orgId' | 'correlationId'>,
    selection: AudienceSelection,
    properties: PropertyScope,
  ): AsyncGenerator<AudienceMember, void, undefined> {
    let cursor: string | null | undefined;
    do {
      const options = { assertion: this.assertions.forService(orgId), correlationId };
      const input = { selection, properties, limit: 1000, ...(typeof cursor === 'string' && { cursor }) };
      const page = await this.rpc.call(resolveAudience, input, options);
      yield* page.items;
      cursor = page.nextCursor;
    } while (cursor !== null);
  }

  async #decide(asked: Asked, circle: Circle): Promise<Decided[]> {
    const { orgId } = asked;
    const ids = [...new Set(circle.candidates.flatMap(({ propertyId }) => propertyId ?? []))];
    if (asked.propertyId !== null) ids.push(asked.propertyId);
    const found = ids.length === 0 ? [] : await this.properties.find({ orgId, _id: { $in: ids } });
    const senders = await this.senders.find({ orgId, _id: { $in: [orgId, ...ids] } });
    const phones = new Map(senders.map(({ _id, phone }) => [_id, phone]));
    const properties = new Map<string, Place>(
      found.map((one) => [one._id, { ...one, phone: phones.get(one._id) ?? phones.get(orgId) ?? null }]),
    );
    const decided: Decided[] = [];
    for (const channel of new Set(asked.channels)) decided.push(...(await this.#byChannel(asked, circle, channel, properties)));
    return decided;
  }

  async #byChannel(
    asked: Asked,
    { candidates, anyState }: Circle,
    name: ChannelName,
    properties: ReadonlyMap<string, Place>,
  ): Promise<Decided[]> {
    const { orgId, category, writing } = asked;
    const channel = this.channels.get(name);
    const of = ({ propertyId }: Candidate) => properties.get(propertyId ?? asked.propertyId ?? '');
    const found = candidates.map(
      (candidate) =>
        channel?.addressOf(candidate, {
          orgId,
          propertyId: candidate.propertyId ?? asked.propertyId,
          country: of(candidate)?.country ?? null,
        }) ?? null,
    );
    const addresses = found.map((one) => (one && 'address' in one ? one.address : null));
    const suppressed = await this.suppressions.among(
      orgId,
      name,
      addresses.filter((address) => address !== null),
    );
    const standings = await this.consents.standings(
      { orgId, category, channel: name },
      candidates.map(({ personId }, at) => ({ personId, address: addresses[at] ?? '' })),
    );
    const placeholders = writing.fields(name);
    const used = [...new Set<string>(placeholders.map(({ field }) => field))];
    const hidden = new Set(asked.secretFields);
    return candidates.map((candidate, at) => {
      const fields = picked(used, [candidate.data, candidate.known, ofProperty(of(candidate))]);
      const values = { ...asked.shared, ...fields };
      const lacks = lacking(placeholders, values).filter((field) => !hidden.has(field) && !candidate.secretNames.includes(field));
      const suppression = suppressed.get(addresses[at] ?? '');
      const verdict = decide(candidate, {
        ...{ channel: name, category, isOn: channel?.isOn ?? false, found: found[at] ?? null, lacks, anyState },
        suppressed: suppression && holdsFor(suppression, category, name) ? suppressedBecause(suppression) : null,
        standing: standings[at] ?? { consent: null },
      });
      const language = languageFor(writing.languages, candidate.language, asked.language);
      return { candidate, channel: name, verdict, language, fields };
    });
  }
}

/** Of each field that is put in, the first value there is. */
function picked(used: readonly string[], from: readonly FieldData[]): FieldData {
  const fields: FieldData = {};
  for (const field of used) {
    const value = from.find((one) => one[field] !== undefined)?.[field];
    if (value !== undefined) fields[field] = value;
  }
  return fields;
}

const ofProperty = (property: Place | undefined): Record<string, string> =>
  property
    ? {
        'property.name': property.name,
        ...(property.address !== '' && { 'property.address': property.address }),
        ...(property.phone !== null && { 'property.phone': property.phone }),
      }
    : {};
