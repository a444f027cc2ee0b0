/** Done when it is first asked for and at most once: for what a unit of work may ask for each time it is run again. */
export function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}
