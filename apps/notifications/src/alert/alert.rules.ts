import {
  permits,
  unionOf,
  type AlertKind,
  type AlertMode,
  type Permission,
  type Permissions,
  type PropertyId,
  type PropertyScope,
  type SystemTemplateName,
} from '@leasewire/contracts';

export interface AlertRow {
  readonly label: string;
  readonly describe: string;
  readonly template: SystemTemplateName;
  /** Who can do something about it. */
  readonly permission: Permission;
  /** For those who chose nothing. */
  readonly usual: AlertMode;
}

export const alertKinds: Readonly<Record<AlertKind, AlertRow>> = {
  'hold-waiting': {
    label: 'Removals wait',
    describe: 'A sync would remove more people than the policy allows unasked; somebody must look.',
    template: 'alert-hold-waiting',
    permission: 'residence.residence:full',
    usual: 'immediate',
  },
  'connection-failing': {
    label: 'A connection fails',
    describe: 'A PMS cannot be reached, or refuses us; its changes do not arrive.',
    template: 'alert-connection-failing',
    permission: 'accounts.integrations:full',
    usual: 'immediate',
  },
  'connection-recovered': {
    label: 'A connection works again',
    describe: 'A PMS that could not be reached can be.',
    template: 'alert-connection-recovered',
    permission: 'accounts.integrations:full',
    usual: 'digest',
  },
  'controller-down': {
    label: 'A controller is down',
    describe: 'A Wi-Fi controller does not answer; keys and blocks wait.',
    template: 'alert-controller-down',
    permission: 'network.controllers:view',
    usual: 'immediate',
  },
  'block-undeliverable': {
    label: 'A rent block did not arrive',
    describe: 'The notice of a rent block reached nobody, so nothing was blocked.',
    template: 'alert-block-undeliverable',
    permission: 'network.rent-blocks:full',
    usual: 'immediate',
  },
  'deliveries-unknown': {
    label: 'Deliveries are unknown',
    describe: 'Nobody knows whether some messages went out; a person decides.',
    template: 'alert-deliveries-unknown',
    permission: 'communication.messages:full',
    usual: 'immediate',
  },
  'dead-letters': {
    label: 'Events were set aside',
    describe: 'A service could not handle some events; they wait for a person.',
    template: 'alert-dead-letters',
    permission: 'accounts.integrations:full',
    usual: 'immediate',
  },
  'people-not-invited': {
    label: 'New people are not invited yet',
    describe: 'Who arrived in a property that wants to be told of it once a day, and waits for an invitation.',
    template: 'alert-people-not-invited',
    permission: 'residence.residence:full',
    usual: 'immediate',
  },
  'import-automatic': {
    label: 'An import became automatic',
    describe: 'New people of a property arrive by themselves from now on; who waits in Pending Import goes on waiting.',
    template: 'alert-import-automatic',
    permission: 'residence.residence:full',
    usual: 'digest',
  },
};

export interface StaffLike<Id extends string = string> {
  readonly _id: Id;
  readonly state: 'invited' | 'active' | 'archived';
  readonly roleIds: readonly string[];
  readonly properties: PropertyScope;
}
export interface RoleLike {
  readonly _id: string;
  readonly preset: string | null;
  readonly permissions: Permissions;
}
export type Modes = Readonly<Partial<Record<AlertKind, AlertMode>>>;

/** What is of no property concerns those who have all; somebody invited has no account yet. */
export function concerns(kind: AlertKind, propertyId: PropertyId | null, who: StaffLike, roles: readonly RoleLike[]): boolean {
  if (who.state !== 'active') return false;
  const sees = who.properties === 'all' || (propertyId !== null && who.properties.includes(propertyId));
  return sees && holds(who, roles, alertKinds[kind].permission);
}

/** The owner preset holds whatever there is, also what was added after it was read. */
export function holds({ roleIds }: Pick<StaffLike, 'roleIds'>, roles: readonly RoleLike[], permission: Permission): boolean {
  const own = roles.filter(({ _id }) => roleIds.includes(_id));
  return own.some(({ preset }) => preset === 'owner') || permits(unionOf(own.map(({ permissions }) => permissions)), permission);
}

export const modeOf = (kind: AlertKind, modes: Modes | undefined): AlertMode => modes?.[kind] ?? alertKinds[kind].usual;

export interface Told<Id extends string> {
  readonly immediate: Id[];
  readonly digest: Id[];
}
export function whoIsTold<Id extends string>(
  { kind, propertyId }: { readonly kind: AlertKind; readonly propertyId: PropertyId | null },
  staff: readonly StaffLike<Id>[],
  roles: readonly RoleLike[],
  modes: ReadonlyMap<string, Modes>,
): Told<Id> {
  const meant = staff.filter((who) => concerns(kind, propertyId, who, roles));
  const by = (mode: AlertMode): Id[] => meant.flatMap(({ _id }) => (modeOf(kind, modes.get(_id)) === mode ? [_id] : []));
  return { immediate: by('immediate'), digest: by('digest') };
}
