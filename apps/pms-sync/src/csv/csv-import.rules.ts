import { DomainError, type CsvImport, type CsvImportSummary, type SyncRun } from '@leasewire/contracts';
import type { KnownPerson } from '../connector/csv/csv-known.rules.js';
import type { CsvPerson, CsvReading } from '../connector/csv/csv-people.rules.js';
import type { Forecast } from './csv-forecast.js';

export type StoredState = Exclude<CsvImportSummary['state'], 'importing' | 'imported'>;
type RunState = SyncRun['state'];

/** As it is shown: what its run is at is part of it. A run that failed or was cancelled may be tried again. */
export function shownState(state: StoredState, run: RunState | null): CsvImportSummary['state'] {
  if (run === 'done') return 'imported';
  return state === 'checked' && (run === 'queued' || run === 'running') ? 'importing' : state;
}

export interface Startable {
  readonly state: StoredState;
  readonly run: RunState | null;
  readonly people: number;
  readonly mayRemove: boolean;
  readonly uploadedAt: Date;
  /** When a file was imported into this property last. */
  readonly lastImportedAt: Date | null;
}

/** Throws what is in the way of importing it. */
export function assertStartable({ state, run, people, mayRemove, ...at }: Startable, removeMissing: boolean): void {
  const refuse = (message: string): never => {
    throw new DomainError('conflict.state', message, { state: shownState(state, run) });
  };
  if (run === 'queued' || run === 'running') refuse('This file is being imported, with the other choice about who is missing.');
  if (run === 'done') refuse('This file was imported already. To import it once more, upload it again.');
  if (state === 'uploading' || state === 'checking')
    refuse('The file is still being checked. Wait until its state is “checked”.');
  if (state === 'unreadable') refuse('The file cannot be read. Correct it and upload it again.');
  if (state === 'discarded' || state === 'expired') refuse('What was uploaded is deleted. Upload the file again.');
  if (people === 0) refuse('No row of the file can be imported. Correct the rows and upload the file again.');
  if (at.lastImportedAt !== null && at.lastImportedAt > at.uploadedAt)
    refuse(
      'Another file was imported into this property since this one was uploaded. Upload this one again if it is the newer one.',
    );
  if (removeMissing && !mayRemove)
    refuse(
      'A row with a problem does not say whom it is about, so nobody may be taken for missing. Correct the file, or import without removing.',
    );
}

export const mayBeDiscarded = (state: StoredState, run: RunState | null): boolean =>
  run !== 'queued' && run !== 'running' && state !== 'discarded' && state !== 'expired';

type Previewed = Pick<CsvImport, 'sample' | 'problems' | 'missingPeople' | 'warnings'>;
type Read = Pick<CsvReading, 'people' | 'problems' | 'missing' | 'warnings'>;
export const nothingToSee: Previewed = { sample: [], problems: [], missingPeople: [], warnings: [] };

export function previewOf({ people, problems, missing, warnings }: Read, { comes, skipped }: Forecast): Previewed {
  const all = [...people.values()];
  const notTaken = all.flatMap(({ row, person }) => {
    const why = skipped.get(person.upstreamId);
    return why === undefined
      ? []
      : [{ row, column: null, value: null, message: `${calledOf(person.name)} is not taken over. ${why}` }];
  });
  return {
    sample: all.slice(0, 20).map((one) => shown(one, comes.has(one.person.upstreamId))),
    problems: problems.slice(0, 100),
    missingPeople: missing.slice(0, 100).map(missingPerson),
    warnings: [...notTaken, ...warnings].slice(0, 100),
  };
}

export const missingPerson = ({ id, name, places }: KnownPerson): CsvImport['missingPeople'][number] => ({
  upstreamId: id,
  name: calledOf(name),
  units: places.flatMap(({ unit }) => unit ?? []).slice(0, 50),
});

const calledOf = ({ first, last, company, raw }: KnownPerson['name']): string => `${first} ${last}`.trim() || (company ?? raw);

function shown({ row, person }: CsvPerson, isNew: boolean): CsvImport['sample'][number] {
  const { name, email, phones, stays, userTypes } = person;
  const units = stays.flatMap(({ unitName, bedroom }) =>
    unitName === null ? [] : bedroom === null ? unitName : `${unitName}-${bedroom}`,
  );
  return { row, name: calledOf(name), email, phone: phones[0]?.e164 ?? null, units, userTypes, isNew };
}

/** Chunks that fit a reply of the broker, whatever is in the cells. */
export function chunksBySize<T>(items: readonly T[], most = { items: 100, characters: 300_000 }): T[][] {
  const chunks: T[][] = [];
  let size = 0;
  for (const item of items) {
    const own = JSON.stringify(item).length;
    const last = chunks.at(-1);
    const fits = last !== undefined && last.length < most.items && size + own <= most.characters;
    if (fits) last.push(item);
    else chunks.push([item]);
    size = fits ? size + own : own;
  }
  return chunks;
}
