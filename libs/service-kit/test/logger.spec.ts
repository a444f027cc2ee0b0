import { currentContext } from '@leasewire/messaging';
import { Logger, type LoggerOptions } from '../src/index.js';
import { NestLogger } from '../src/nest-logger.js';
import { prettyLine } from '../src/pretty-line.js';

function logged(write: (logger: Logger) => void, options: Partial<LoggerOptions> = {}): string {
  let text = '';
  write(Logger.create({ service: 'demo', destination: { write: (line) => (text += line) }, ...options }));
  return text;
}
const lines = (text: string): Record<string, unknown>[] =>
  text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the logger', () => {
  it('writes one line of JSON, with where it was written', () => {
    const context = {
      correlationId: 'cor_1',
      orgId: 'org_1',
      actor: 'staff:stf_1',
      doing: 'identity.invite-staff',
      traceparent: '00-1-2-01',
    };
    const text = logged((logger) => {
      currentContext.run(context, () => {
        logger.info({ count: 3 }, 'invited');
      });
    });
    expect(text.endsWith('\n')).toBe(true);
    expect(lines(text)).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-.*Z$/) as string,
        service: 'demo',
        ...context,
        count: 3,
        msg: 'invited',
      },
    ]);
  });

  it('keeps its own fields apart from those of a caller', () => {
    const [line] = lines(logged((logger) => { logger.info({ level: 'x', msg: 'y', time: 1, service: 'z' }, 'mine'); })); // prettier-ignore
    expect(line).toMatchObject({ level: 'info', msg: 'mine', service: 'demo', level_: 'x', msg_: 'y', time_: 1, service_: 'z' });
  });

  it('tells errors with code, details and causes', () => {
    const error = Object.assign(new Error('outer', { cause: new Error('inner') }), { code: 'x.y', details: { field: 1 } });
    const [line] = lines(logged((logger) => { logger.error({ err: error }, 'failed'); })); // prettier-ignore
    expect(line).toMatchObject({
      err: { name: 'Error', message: 'outer', code: 'x.y', details: { field: 1 }, cause: { message: 'inner' } },
    });
  });

  it('leaves out what is below its level', () => {
    expect(logged((logger) => { logger.debug({}, 'unseen'); })).toBe(''); // prettier-ignore
    expect(logged((logger) => { logger.debug({}, 'seen'); }, { level: 'debug' })).toContain('seen'); // prettier-ignore
  });

  it('counts its lines', () => {
    const counted: string[] = [];
    logged((logger) => { logger.warn({}, 'a'); logger.debug({}, 'b'); }, { onLine: (level) => counted.push(level) }); // prettier-ignore
    expect(counted).toEqual(['warn']);
  });

  it('passes finished lines on, in either format', () => {
    const two = '{"level":"info","service":"demo","msg":"one"}\n{"level":"info","service":"demo","msg":"two"}';
    expect(logged((logger) => { logger.writeLines(two); })).toBe(`${two}\n`); // prettier-ignore
    expect(logged((logger) => { logger.writeLines(two); }, { format: 'pretty' })).toBe('INFO   demo  one\nINFO   demo  two\n'); // prettier-ignore
  });

  it('writes for people where it is asked to', () => {
    const text = logged((logger) => {
      logger.warn({ email: 'ana@x.example', text: 'two words', list: [1], err: new Error('boom', { cause: new Error('below') }) }, 'something');
    }, { format: 'pretty' }); // prettier-ignore
    const [first, ...rest] = text.split('\n');
    expect(first).toMatch(
      /^\d\d:\d\d:\d\d\.\d{3} {2}WARN {3}demo {2}something {2}email=ana@x\.example text="two words" list=\[1\] err="boom"$/,
    );
    expect(rest[0]).toBe('    Error: boom');
    expect(rest).toContain('    caused by: Error: below');
  });

  it('shows what is no line of ours as it is', () => {
    expect(prettyLine('5')).toBe('5');
  });
});

describe('Nest’s logger', () => {
  const through = (write: (logger: NestLogger) => void, level: LoggerOptions['level'] = 'trace') => lines(logged((logger) => { write(new NestLogger(logger)); }, { level })); // prettier-ignore

  it('goes through ours, boot chatter as debug', () => {
    expect(
      through((nest) => {
        nest.log('Mapped {/x, GET} route', 'RouterExplorer');
        nest.log('hello', 'MyService');
      }),
    ).toMatchObject([
      // prettier-ignore
      { level: 'debug', context: 'RouterExplorer' },
      { level: 'info', context: 'MyService', msg: 'hello' },
    ]);
  });

  it('keeps errors, stacks and objects, and no secret in them', () => {
    const found = through((nest) => {
      nest.error(new Error('password=hunter22'), 'stack…', 'Somewhere');
      nest.warn({ token: 'hunter22', odd: true });
      nest.fatal('the end');
      nest.verbose('v');
      nest.debug('d');
    });
    expect(found).toMatchObject([
      { level: 'error', msg: 'password=[redacted]', err: { message: 'password=[redacted]' } },
      { level: 'warn', msg: '{"token":"[redacted]","odd":true}' },
      { level: 'fatal', msg: 'the end' },
      { level: 'trace' },
      { level: 'debug' },
    ]);
  });
});
