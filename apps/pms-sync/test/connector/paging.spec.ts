import { readAllPages, type VendorPage } from '../../src/connector/paging.js';

type Page = Partial<VendorPage<string>> & { items: string[] };
async function read(...pages: Page[]) {
  const taken: string[] = [];
  const fetch = async (number: number) => ({ total: null, last: null, ...pages[Math.min(number, pages.length) - 1]! });
  const verdict = await readAllPages({ what: 'leases', idOf: (row: string) => row, fetch, maxPages: 50 }, (rows) =>
    taken.push(...rows),
  );
  return { taken: taken.join(''), ...verdict };
}
const end: Page = { items: [] };

describe('pages are complete', () => {
  it.each<[string, Page[], string]>([
    [
      'when all that were announced are there',
      [
        { items: ['a', 'b'], total: 3 },
        { items: ['c'], total: 3 },
      ],
      'abc',
    ],
    [
      'when the vendor says that it was the last',
      [
        { items: ['a'], last: false },
        { items: ['b'], last: true },
      ],
      'ab',
    ],
    ['when a page is empty and nothing was announced', [{ items: ['a'] }, end], 'a'],
    ['when there is nothing', [{ items: [], last: true }], ''],
    [
      'when a row came twice and all are there',
      [
        { items: ['a', 'b'], total: 3 },
        { items: ['b', 'c'], total: 3 },
      ],
      'abc',
    ],
  ])('%s', async (_name, pages, taken) => {
    expect(await read(...pages)).toEqual({ taken, complete: true });
  });
});

describe('pages are not complete', () => {
  it.each<[string, Page[], RegExp]>([
    [
      'when the total shrinks',
      [
        { items: ['a', 'b'], total: 4 },
        { items: ['c'], total: 3 },
      ],
      /changed while/,
    ],
    [
      'when fewer came than announced',
      [
        { items: ['a'], total: 3 },
        { items: [], total: 3 },
      ],
      /announced 3 leases and sent 1/,
    ],
    [
      'when rows come twice and no total says that none is missing',
      [{ items: ['a', 'b'] }, { items: ['b', 'c'] }, end],
      /came twice/,
    ],
    [
      'when an announced page is empty',
      [
        { items: ['a'], last: false },
        { items: [], last: true },
      ],
      /was empty/,
    ],
    ['when the answer explains nothing', [{ items: [], unexplained: true }], /empty answer/],
    ['when a page is the one before, and perhaps the last', [{ items: ['a'] }, { items: ['a'] }], /twice/],
    [
      'when pages come beyond the last',
      [
        { items: ['a'], total: 1, last: false },
        { items: ['a'], total: 1, last: false },
      ],
      /beyond the last/,
    ],
  ])('%s', async (_name, pages, why) => {
    expect(await read(...pages)).toMatchObject({ complete: false, why: expect.stringMatching(why) as string });
  });
  it.each<[string, Page[]]>([
    [
      'the same page again while more was announced',
      [
        { items: ['a'], total: 9 },
        { items: ['a'], total: 9 },
      ],
    ],
    ['the same page again while the vendor says that there are more', [{ items: ['a'], last: false }]],
  ])('and a loop when it is %s', async (_name, pages) => {
    await expect(read(...pages)).rejects.toMatchObject({ code: 'paging' });
  });
});
