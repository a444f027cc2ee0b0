import type { AudienceMember, AudienceSelection, OrgId, PersonId, PropertyId, ResidentId, StaffId } from '@leasewire/contracts';
import { Injectable } from '@nestjs/common';
import { KnownStaffRepository } from '../known/known-staff.repository.js';
import type { KeptRecipient } from '../message/message.repository.js';
import { ofAnyone, ofMember, ofNobody, once, onceEach, type Candidate } from './candidate.rules.js';

type Kind<K extends KeptRecipient['kind']> = Extract<KeptRecipient, { kind: K }>;
type Ask = (selection: AudienceSelection) => AsyncIterable<AudienceMember>;
interface Found {
  /** Whose address we looked up. */
  readonly looked: readonly Candidate[];
  /** Whose address the service gave. */
  readonly given: readonly Candidate[];
}

/** Finds the addresses of those whom a service named. */
@Injectable()
export class RecipientService {
  constructor(private readonly staff: KnownStaffRepository) {}

  async candidates(
    of: { readonly orgId: OrgId; readonly propertyId: PropertyId | null },
    recipients: readonly KeptRecipient[],
    ask: Ask,
  ): Promise<Found> {
    const only = <K extends KeptRecipient['kind']>(kind: K): Kind<K>[] =>
      recipients.filter((one): one is Kind<K> => one.kind === kind);
    const residents = only('resident');
    const persons = only('person');
    const byId = await this.#members(residents, ask);
    const byPerson = await this.#people(persons, of.propertyId, ask);
    return {
      looked: [
        ...once(residents.map((one) => filled(byId.get(one.residentId), one, { residentId: one.residentId }, one.residentId))),
        ...once(persons.map((one) => filled(byPerson.get(one.personId), one, { personId: one.personId }, one.personId))),
      ],
      given: [...(await this.#staff(of.orgId, only('staff'))), ...once(only('address').map(addressed))],
    };
  }

  async #members(residents: readonly Kind<'resident'>[], ask: Ask): Promise<Map<ResidentId, AudienceMember>> {
    const found = new Map<ResidentId, AudienceMember>();
    const ids = [...new Set(residents.map(({ residentId }) => residentId))];
    if (ids.length > 0) for await (const member of ask({ ids })) found.set(member.residentId, member);
    return found;
  }

  async #people(
    persons: readonly Kind<'person'>[],
    propertyId: PropertyId | null,
    ask: Ask,
  ): Promise<Map<PersonId, AudienceMember>> {
    const personIds = [...new Set(persons.map((one) => one.personId))];
    if (personIds.length === 0) return new Map();
    const members: AudienceMember[] = [];
    for await (const member of ask({ personIds })) members.push(member);
    return new Map(onceEach(members, propertyId).map((member) => [member.personId, member]));
  }

  async #staff(orgId: OrgId, members: readonly Kind<'staff'>[]): Promise<Candidate[]> {
    const ids: StaffId[] = [...new Set(members.map(({ staffId }) => staffId))];
    const found = ids.length === 0 ? [] : await this.staff.find({ orgId, _id: { $in: ids } });
    const byId = new Map(found.map((one) => [one._id, one]));
    return members.map(({ staffId, data = {}, secrets, secretNames = [] }) => {
      const known = byId.get(staffId);
      if (!known || known.state === 'archived') return ofNobody(staffId, { staffId });
      const { name, email, locale } = known;
      return ofAnyone({
        who: staffId,
        staffId,
        name,
        email,
        language: locale,
        known: { 'recipient.name': name },
        data,
        secrets: secrets ?? null,
        secretNames,
      });
    });
  }
}

function filled(
  member: AudienceMember | undefined,
  { data = {}, secrets, secretNames = [] }: Kind<'resident'> | Kind<'person'>,
  ids: Partial<Pick<Candidate, 'personId' | 'residentId'>>,
  who: string,
): Candidate {
  return member ? { ...ofMember(member), data, secrets: secrets ?? null, secretNames } : ofNobody(who, ids);
}

function addressed({
  email,
  phone,
  name,
  personId,
  residentId,
  staffId,
  language,
  data = {},
  secrets,
  secretNames = [],
}: Kind<'address'>): Candidate {
  return ofAnyone({
    who: personId ?? staffId ?? (email === undefined ? `tel:${phone ?? ''}` : `mail:${email}`),
    name,
    personId: personId ?? null,
    residentId: residentId ?? null,
    staffId: staffId ?? null,
    email: email ?? null,
    phone: phone ?? null,
    language: language ?? null,
    known: { 'recipient.name': name, 'resident.name': name, 'resident.firstName': name },
    data,
    secrets: secrets ?? null,
    secretNames,
  });
}
