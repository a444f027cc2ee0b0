export interface KnownUnit {
  /** Ours. */
  readonly id: string;
  /** null: added by hand, and no file has named it yet. */
  readonly upstreamId: string | null;
  readonly building: string | null;
  readonly number: string;
  readonly bedrooms: readonly { readonly upstreamId: string | null; readonly name: string }[];
}
export interface CsvPlace {
  readonly unitId: string;
  readonly unitName: string;
  readonly building: string | null;
  readonly number: string;
  readonly bedroom: string | null;
  /** As the property has it; null: it does not yet. */
  readonly known: KnownUnit | null;
}

const plain = (text: string) => text.toLowerCase().replace(/\s+/g, '');
const named = (building: string | null, number: string) =>
  building === null || building === '' ? number : `${building}-${number}`;

/** The names of units as people write them, so that `12-3` is the unit 12-3 where there is one before it is building 12, unit 3. */
export class UnitNames {
  readonly #known = new Map<string, KnownUnit>();
  readonly #byNumber = new Map<string, KnownUnit | null>();
  readonly #taken = new Set<string>();

  constructor(units: readonly KnownUnit[]) {
    for (const unit of units) {
      this.#known.set(plain(named(unit.building, unit.number)), unit);
      const number = plain(unit.number);
      this.#byNumber.set(number, this.#byNumber.has(number) ? null : unit);
      if (unit.upstreamId !== null) this.#taken.add(unit.upstreamId);
    }
  }

  /** `building-unit-bed`, `building-unit`, `unit`; building and bedroom may have columns of their own. */
  read(written: string, ownBuilding: string | null, ownBedroom: string | null): CsvPlace | { problem: string } {
    const text = written
      .trim()
      .replace(/^(unit|apt\.?|apartment|lot|#)\s*(?=\S)/i, '')
      .replace(/\s*-\s*/g, '-');
    if (text === '') return { problem: 'The unit is missing.' };
    if (text.length > 100) return { problem: 'That is too long for a unit.' };
    const whole = ownBuilding === null ? undefined : this.#find(named(ownBuilding, text));
    const exact = whole ?? this.#find(text);
    if (exact) return placeOf(exact, ownBedroom);
    const cut = /^(.+)-([^-]+)$/.exec(text);
    const withBed = cut?.[1] === undefined ? undefined : (this.#find(named(ownBuilding, cut[1])) ?? this.#find(cut[1]));
    if (withBed && cut?.[2] !== undefined) return placeOf(withBed, ownBedroom ?? cut[2]);
    return this.#new(text, ownBuilding, ownBedroom);
  }

  #new(text: string, ownBuilding: string | null, ownBedroom: string | null): CsvPlace | { problem: string } {
    const parts = text.split('-').filter((part) => part !== '');
    if (parts.length > 3) return { problem: `"${text}" is not building-unit-bed, building-unit or unit.` };
    const [first = text, second, third] = parts;
    // "301-B" beside a building of its own is unit and bedroom; alone it is building and unit, as the format says
    const [building, number, bedroom] =
      ownBuilding !== null
        ? [ownBuilding, first, second]
        : second === undefined
          ? [null, first, undefined]
          : [first, second, third];
    const unitName = named(building, number);
    // a unit of this name was renamed: its id is not this one's
    let unitId = unitName;
    while (this.#taken.has(unitId)) unitId += "'";
    return { unitId, unitName, building, number, bedroom: ownBedroom ?? bedroom ?? null, known: null };
  }

  #find(name: string): KnownUnit | undefined {
    return this.#known.get(plain(name)) ?? this.#byNumber.get(plain(name)) ?? undefined;
  }
}

function placeOf(unit: KnownUnit, bedroom: string | null): CsvPlace {
  const known = bedroom === null ? undefined : unit.bedrooms.find(({ name }) => plain(name) === plain(bedroom));
  const unitName = named(unit.building, unit.number);
  return {
    unitId: unit.upstreamId ?? unitName,
    unitName,
    building: unit.building,
    number: unit.number,
    bedroom: known?.name ?? bedroom,
    known: unit,
  };
}
