import type { Customer, Phone, Vendor } from './model.js';
import type { Prng } from './prng.js';
import type { World } from './world.js';

const firstNames = (
  'Ada|Alan|Amara|Ángel|Anh|Aoife|Ben|Björn|Carla|Chidi|Chloë|Dana|Diego|Ebba|Elif|Emre|Fatima|Finn|Grace|' +
  'Hana|Hugo|Ines|Iris|Jamal|José|Jun|Kai|Kemal|Lena|Liam|Lucía|Mae|Mateo|Mei|Mila|Nadia|Noah|Olga|Omar|' +
  'Priya|Quinn|Rosa|Ruth|Sam|Siobhán|Sofia|Tariq|Theo|Uma|Viktor|Wren|Ximena|Yara|Yusuf|Zoë|Zuri'
).split('|');

const lastNames = (
  'Abara|Almeida|Andersson|Baker|Bianchi|Brown|Castro|Chen|Cooper|Costa|D’Amico|Dubois|Edwards|Eze|Fischer|' +
  'Fox|García|Green|Haddad|Hall|Hansen|Ibáñez|Ito|Jensen|Jones|Kaya|Kim|Kowalski|Lee|López|Martin|Mbeki|' +
  'Meyer|Moreau|Müller|Nakamura|Nguyễn|Novak|O’Brien|Okafor|Olsen|Park|Patel|Pérez|Popescu|Reed|Rossi|Sato|' +
  'Schmidt|Silva|Singh|Smith|Stone|Tran|Turner|van der Berg|Walker|Wang|White|Young|Zhang'
).split('|');

const companies = ['Blue Gum Holdings Pty Ltd', 'Corner Shop & Sons Pty Ltd', 'Harbour Trust No 2', 'Smith Family Super Fund'];

export interface PersonWish {
  readonly firstName?: string | undefined;
  readonly lastName?: string | undefined;
  readonly preferred?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly phone?: string | null | undefined;
}

/** Somebody new, like what was wished where something was wished. */
export function person(
  world: World,
  vendor: Vendor,
  country: 'US' | 'AU',
  wish: PersonWish = {},
  at: Date = world.clock.now(),
): Customer {
  const { random } = world;
  const id = world.newId('customer');
  const firstName = wish.firstName ?? random.pick(firstNames);
  const lastName = wish.lastName ?? random.pick(lastNames);
  const preferred = random.chance(0.04) ? random.pick(firstNames) : null;
  const email = emailFor(random, firstName, lastName, id);
  const phones = phonesFor(random, country);
  const customer: Customer = {
    id,
    vendor,
    firstName,
    lastName,
    preferred: wish.preferred === undefined ? preferred : wish.preferred,
    email: wish.email === undefined ? email : wish.email,
    phones: wish.phone === undefined ? phones : wish.phone === null ? [] : [{ kind: 'mobile', number: wish.phone }],
    createdAt: at,
    updatedAt: at,
  };
  world.addCustomer(customer);
  return customer;
}

/** A company that owns a lot: its whole name is the last name. */
export function company(world: World, vendor: Vendor, at: Date): Customer {
  return person(world, vendor, 'AU', { firstName: '', lastName: world.random.pick(companies), preferred: null }, at);
}

function emailFor(random: Prng, firstName: string, lastName: string, id: string): string | null {
  const share = random.next();
  if (share < 0.015) return null;
  if (share < 0.02) return 'none@none.com';
  const plain = [firstName, lastName]
    .filter((part) => part !== '')
    .join('.')
    .normalize('NFD')
    .replace(/[^A-Za-z.]/g, '')
    .toLowerCase();
  return `${plain}.${id}@example.${random.pick(['com', 'net', 'org'])}`;
}

/** The masks and their shares are those that were seen (research/pms-apis.md 1.8). */
function phonesFor(random: Prng, country: 'US' | 'AU'): Phone[] {
  if (random.chance(0.1)) return [];
  const number = country === 'US' ? american(random) : australian(random);
  return [{ kind: random.pick(['mobile', 'mobile', 'mobile', 'personal', 'work']), number }];
}

function american(random: Prng): string {
  const area = random.pick(['217', '303', '312', '512', '602', '720', '801']);
  const line = `01${String(random.whole(0, 99)).padStart(2, '0')}`;
  const share = random.next();
  if (share < 0.92) return `+1 ${area}555${line}`;
  if (share < 0.95) return `${area}555${line}`;
  if (share < 0.99) return `(${area}) 555-${line}`;
  return `+1 ${area}555${line}9`;
}

function australian(random: Prng): string {
  const line = String(random.whole(0, 999)).padStart(3, '0');
  return random.pick([`0491 570 ${line}`, `+61 491 570 ${line}`, `0491570${line}`]);
}
