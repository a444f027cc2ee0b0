// Everything that an API key may see, from the oldest event that is kept, and then as it happens.
//   LEASEWIRE_URL=https://… LEASEWIRE_API_KEY=lw_… node read-feed.mjs
const { LEASEWIRE_URL, LEASEWIRE_API_KEY } = process.env;
const pause = (seconds) => new Promise((next) => setTimeout(next, seconds * 1000));

let after = 'oldest'; // of a real reader: the cursor it stored with its last effect
for (;;) {
  const question = new URLSearchParams({ after, wait: '20' }); // waits up to 20 s for something to happen
  const answer = await fetch(`${LEASEWIRE_URL}/v1/events?${question}`, {
    headers: { authorization: `Bearer ${LEASEWIRE_API_KEY}` },
  }).catch(() => undefined);
  if (!answer || answer.status === 429 || answer.status >= 500) {
    await pause(Number(answer?.headers.get('retry-after') ?? 5));
    continue;
  }
  if (!answer.ok) throw new Error(await answer.text()); // problem+json: `code` says what, `detail` what to do
  const { items, nextCursor } = await answer.json();
  for (const event of items) console.log(event.time, event.type, event.subject, JSON.stringify(event.data));
  after = nextCursor;
}
