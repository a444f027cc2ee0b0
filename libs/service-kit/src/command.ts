import type { Token } from './tokens.js';
import type { z } from 'zod';
import type { Logger } from './logger.js';

export interface CommandContext {
  /** Any provider of the service's module or of the kit. */
  get<T>(token: Token<T>): T;
  readonly log: Logger;
  /** What the command answers goes to standard output; log lines go to standard error. */
  print(text: string): void;
}

/** Something a person does to a service from a terminal: `npm run leasewire -- identity create-owner --email …`. */
export interface Command<A extends z.ZodObject = z.ZodObject> {
  /** Words in kebab case, such as `create-owner` or `dead-letters replay`. */
  readonly name: string;
  readonly describe: string;
  /** Its options: `emailAddress` is given as `--email-address`. */
  readonly args: A;
  run(context: CommandContext, args: z.output<A>): Promise<void>;
}

export function defineCommand<A extends z.ZodObject>(command: Command<A>): Command {
  // Commands are kept in lists; the arguments are parsed with the command's own schema before `run` sees them.
  return { ...command, run: (context, args) => command.run(context, command.args.parse(args)) };
}
