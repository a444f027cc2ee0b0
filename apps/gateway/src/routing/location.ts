const place = /\{(\w+)\}/g;
const longestFirstField = 200;

/**
 * `/v1/staff/{id}` with the fields of the reply. The id comes first in what owners answer, and then no more than that is
 * read: parsing the whole would cost as much as validating the request.
 */
export function locationFrom(template: string): (body: Uint8Array) => string {
  const names = [...template.matchAll(place)].map(([, name]) => name);
  const comesFirst = names.length === 1 ? new RegExp(`^\\{"${names[0]}":"([\\w-]+)"`) : undefined;
  return (body) => {
    const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
    const first = comesFirst?.exec(bytes.toString('latin1', 0, longestFirstField))?.[1];
    if (first !== undefined) return template.replace(place, first);
    const fields = fieldsOf(bytes);
    return template.replaceAll(place, (_, name: string) => {
      const value = fields.get(name);
      return typeof value === 'string' ? encodeURIComponent(value) : '';
    });
  };
}

function fieldsOf(body: Buffer): ReadonlyMap<string, unknown> {
  try {
    const reply: unknown = JSON.parse(body.toString('utf8'));
    return new Map(typeof reply === 'object' && reply !== null ? Object.entries(reply) : []);
  } catch {
    return new Map();
  }
}
