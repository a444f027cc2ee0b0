import { DomainError } from '@leasewire/contracts';
import pino from 'pino';
import type { Token } from './tokens.js';
import { NestFactory } from '@nestjs/core';
import type { Command } from './command.js';
import { listOf, readCommandLine, UsageError } from './command-line.js';
import { configExitCode, ConfigError, processEnv } from './config.js';
import { ownsDatabase, type BootstrapOptions, type ServiceDefinition } from './definition.js';
import { describeEnv } from './describe-env.js';
import { connect, ground } from './kit.js';
import { ServiceModule } from './kit.module.js';
import { NestLogger } from './nest-logger.js';
import { rebuildCommand } from './read-models.js';
import { loadServiceConfig } from './service-config.js';
import { standardCommands } from './standard-commands.js';
import { isError } from './is-error.js';
import { redactText } from './redact-text.js';

export interface CommandOptions extends BootstrapOptions {
  readonly print?: (text: string) => void;
}

export const commandsOf = (service: ServiceDefinition): readonly Command[] => [
  ...(service.commands ?? []),
  ...(ownsDatabase(service) ? standardCommands : []),
  ...(service.readModels ? [rebuildCommand(service.readModels)] : []),
];

/**
 * The whole of a cli.ts: `await runCommand(identity)`. Boots the service without listening to anything, runs the command
 * that the arguments name, and leaves: 0, 64 when the line does not fit, 78 when the environment does not, else 1.
 */
export async function runCommand(
  service: ServiceDefinition,
  line: readonly string[] = process.argv.slice(2),
  options: CommandOptions = {},
): Promise<void> {
  if (options.process === false) return run(service, line, options);
  try {
    await run(service, line, options);
    process.exit(0);
  } catch (error) {
    // what was thrown on purpose says what to do; where it was thrown helps nobody
    const said = error instanceof ConfigError || error instanceof UsageError || error instanceof DomainError;
    const text = isError(error) ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`${said ? error.message : redactText(text)}\n`);
    process.exit(error instanceof ConfigError ? configExitCode : error instanceof UsageError ? 64 : 1);
  }
}

async function run(service: ServiceDefinition, line: readonly string[], options: CommandOptions): Promise<void> {
  const print = options.print ?? ((text: string) => void process.stdout.write(`${text}\n`));
  const commands = commandsOf(service);
  if (line[0] === 'help' || line[0] === '--help') {
    print(listOf(service.name, commands));
    return;
  }
  if (line[0] === 'env') {
    print(describeEnv(service));
    return;
  }
  const { command, args } = readCommandLine(service.name, commands, line);
  const config = loadServiceConfig(service, options.env ?? processEnv());
  // standard output belongs to what the command answers
  const on = ground(service, config, {
    ...options,
    process: false,
    logTo: options.logTo ?? pino.destination({ fd: 2, sync: true }),
  });
  const kit = await connect(on, { giveUpAfterMs: 10_000 });
  try {
    const app = await NestFactory.createApplicationContext(ServiceModule.of(kit), {
      logger: new NestLogger(on.logger),
      abortOnError: false,
    });
    try {
      await command.run({ get: <T>(token: Token<T>): T => app.get<T>(token), log: on.logger, print }, args);
    } finally {
      await app.close();
    }
  } finally {
    await kit.nats.drain();
    await kit.database?.db.close();
  }
}
