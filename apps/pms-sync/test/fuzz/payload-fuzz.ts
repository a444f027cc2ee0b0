import { UpstreamPerson, UpstreamUnit } from '@leasewire/contracts';
import { silentLog } from '@leasewire/messaging';
import { fixedClock } from '@leasewire/testing';
import type { VendorReply, VendorRequest } from '../../src/connector/connector.js';
import { defaultPolicies } from '../../src/connection/policy.rules.js';
import { VendorError } from '../../src/connector/vendor-error.js';
import { fakeVendor } from '../connector/fake-vendor.js';
import { broken, mutated } from '../connector/mutations.js';
import { worldsOf, type SmallWorld } from '../connector/small-worlds.js';
import { RememberedProperty } from './remembered-property.js';

export interface FuzzReport {
  payloads: number;
  /** Sweeps of which everything arrived, those of which it did not, and those that ended with an error of the vendor, by its code. */
  complete: number;
  incomplete: number;
  refused: Record<string, number>;
  rejectedRows: number;
  /** How often which field was named. */
  fields: Record<string, number>;
  moved: number;
  held: number;
  /** Sweeps after which an honest one had something to put right again. */
  healed: number;
}

const living = Array.from({ length: 14 }, (_, n) => String(n + 7));
const { brakeCount } = defaultPolicies.rental;

/** The same numbers for the same seed. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/**
 * Answers of all vendors, damaged at random, through the connector and the flow of people to what directory would do. Throws for the
 * first that crashes, moves many out at once, rejects without naming a field, or cannot be put right by the next honest answer.
 */
export async function fuzzPayloads(
  { from = 0, count, seed }: { from?: number; count: number; seed: number },
  progress: (done: number) => void = () => undefined,
): Promise<FuzzReport> {
  const worlds = await Promise.all(worldsOf(living, 6).map(async ([name, world]) => ({ name, ...(await settled(world)) })));
  const report: FuzzReport = {
    ...{ payloads: 0, complete: 0, incomplete: 0, refused: {}, rejectedRows: 0, fields: {}, moved: 0, held: 0, healed: 0 },
  };
  for (let n = from; n < from + count; n++) {
    const one = worlds[n % worlds.length]!;
    try {
      // every other time with what is remembered of rows, as sweeps are that ask for no balances
      const remembers = Math.floor(n / worlds.length) % 2 === 1;
      const property = (remembers ? one.remembering : one.property).copy();
      await fuzzOne({ ...one.world, remembers }, property, randomOf(seed + n * 7919), report);
    } catch (error) {
      throw new Error(`payload ${n} of seed ${seed} (${one.name}): ${(error as Error).message}`, { cause: error });
    }
    report.payloads += 1;
    progress(report.payloads);
  }
  return report;
}

/** Everybody lives there, as an honest sweep found them. */
async function settled(world: SmallWorld) {
  const honest = async (remembers: boolean) => {
    const property = new RememberedProperty();
    await property.run(peopleOf({ ...world, remembers }, property, world.answer));
    if (property.living().length !== world.people.length) throw new Error('an honest sweep does not find everybody');
    return property;
  };
  return { world, property: await honest(false), remembering: await honest(true) };
}
/** `remembers`: rows that were read before need not be read again; else balances are asked for. */
type Fuzzed = SmallWorld & { readonly remembers: boolean };

async function fuzzOne(world: Fuzzed, property: RememberedProperty, random: () => number, report: FuzzReport): Promise<void> {
  const before = new Set(property.living());
  const isToken = (request: VendorRequest) => request.url.includes('access_token');
  const damaged = (request: VendorRequest): VendorReply => {
    const reply = world.answer(request);
    if (isToken(request)) return reply;
    return random() < 0.05 ? broken(reply, random) : random() < 0.6 ? mutated(reply, random) : reply;
  };
  await unitsAreUnits(world, damaged);
  try {
    const result = await property.run(peopleOf(world, property, damaged, report));
    report.held += result.counts.held;
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    if (error.message === '') throw new Error('an error that says nothing', { cause: error });
    report.refused[error.code] = (report.refused[error.code] ?? 0) + 1;
  }
  const after = new Set(property.living());
  const gone = [...before].filter((id) => !after.has(id));
  report.moved += gone.length;
  if (gone.length > brakeCount) throw new Error(`${gone.length} of ${before.size} people were moved out: ${gone.join(', ')}`);
  if (after.size === 0) throw new Error('nobody is left');
  for (const { outcome, reason, upstreamId } of property.outcomes)
    if (outcome === 'failed' && !/\S/.test(reason?.message ?? '')) throw new Error(`${upstreamId} failed without a reason`);
  await heals(world, property, before, report);
}

/** The next honest answer puts right whatever the damaged one did, and who never was moves out again. */
async function heals(
  world: Fuzzed,
  property: RememberedProperty,
  before: ReadonlySet<string>,
  report: FuzzReport,
): Promise<void> {
  const { counts } = await property.run(peopleOf(world, property, world.answer));
  const now = property.living();
  const lost = [...before].filter((id) => !now.includes(id));
  if (lost.length > 0) throw new Error(`an honest answer does not bring back ${lost.join(', ')}`);
  const strangers = now.filter((id) => !before.has(id));
  if (strangers.length > 0 && counts.held === 0) throw new Error(`nobody asks about ${strangers.join(', ')}`);
  if (counts.synced > 0) report.healed += 1;
}

async function* peopleOf(
  world: Fuzzed,
  { known }: RememberedProperty,
  answer: (request: VendorRequest) => VendorReply,
  report?: FuzzReport,
) {
  const connector = openedOn(world, answer);
  let complete: boolean | undefined;
  let anonymous = 0;
  for await (const page of connector.fetchPeople(world.property, world.remembers ? { known } : { withBalances: true })) {
    if (report) for (const person of page.people) UpstreamPerson.parse(person);
    for (const { upstreamId, field, reason } of page.rejected) {
      if (field.trim() === '' || reason.trim() === '') throw new Error(`a rejection that names nothing: ${field} ${reason}`);
      if (upstreamId === null) anonymous += 1;
      if (report) report.fields[field] = (report.fields[field] ?? 0) + 1;
    }
    if (report) report.rejectedRows += page.rejected.length;
    ({ complete } = page);
    yield page;
  }
  if (anonymous > 0 && complete === true) throw new Error('a row that says nobody’s name is in a complete sweep');
  if (report) report[complete === true ? 'complete' : 'incomplete'] += 1;
}

async function unitsAreUnits(world: SmallWorld, answer: (request: VendorRequest) => VendorReply): Promise<void> {
  try {
    for (const unit of await openedOn(world, answer).fetchUnits(world.property)) UpstreamUnit.parse(unit);
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
  }
}

function openedOn({ definition, settings, credentials }: SmallWorld, answer: (request: VendorRequest) => VendorReply) {
  return definition.open({ settings, credentials, http: fakeVendor(answer), clock: fixedClock(), log: silentLog });
}
