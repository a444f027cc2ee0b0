/** Jest's matchers are of type any, which spreads; these say what they stand for. */
export const aDate = expect.any(Date) as Date;
export const aString = expect.any(String) as string;
export const aNumber = expect.any(Number) as number;
export const saying = (part: string): string => expect.stringContaining(part) as string;
export const matching = (pattern: RegExp): string => expect.stringMatching(pattern) as string;
