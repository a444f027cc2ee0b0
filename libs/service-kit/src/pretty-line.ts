/** A log line for a terminal: `12:00:01.250 INFO  identity  signed in  actor=staff:… ms=12`, stack traces below. */
export function prettyLine(json: string): string {
  const parsed: unknown = JSON.parse(json);
  if (typeof parsed !== 'object' || parsed === null) return json;
  const fields = new Map<string, unknown>(Object.entries(parsed));
  const take = (name: string): string => {
    const value = fields.get(name);
    fields.delete(name);
    return typeof value === 'string' ? value : '';
  };
  const [time, level, service, message] = [take('time'), take('level'), take('service'), take('msg')];
  const below: string[] = [];
  const pairs = [...fields].map(([key, value]) => `${key}=${show(value, below)}`);
  const line = [time.slice(11, 23), level.toUpperCase().padEnd(5), service, message, pairs.join(' ')].filter(
    (part) => part !== '',
  );
  return `${[line.join('  '), ...below].join('\n')}\n`;
}

function show(value: unknown, below: string[]): string {
  if (typeof value === 'string') return /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
  if (isError(value)) {
    for (let error: unknown = value, depth = 0; isError(error) && depth < 5; error = error['cause'], depth++)
      below.push(`${depth === 0 ? '' : 'caused by: '}${error.stack}`.replaceAll(/^/gm, '    '));
    const { name: _name, message, stack: _stack, cause: _cause, ...rest } = value;
    return JSON.stringify(Object.keys(rest).length === 0 ? message : { message, ...rest });
  }
  return JSON.stringify(value);
}

function isError(value: unknown): value is Record<string, unknown> & { stack: string; message: unknown; name: unknown } {
  return typeof value === 'object' && value !== null && 'stack' in value && typeof value.stack === 'string' && 'message' in value;
}
