/** Something the person at the keyboard can act on: printed as it is, without a stack. */
export class Problem extends Error {
  /**
   * @param {string} message What is wrong and what to do about it, in one or two sentences.
   * @param {{ exitCode?: number, output?: string, cause?: unknown }} [more] `output`: what the failing program said last.
   */
  constructor(message, more = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'Problem';
    this.exitCode = more.exitCode ?? 1;
    this.output = more.output ?? '';
  }
}

/**
 * The code of a system error, wherever it hides: fetch and the drivers wrap it in `cause`.
 * @param {unknown} error
 * @returns {string}
 */
export function codeOf(error) {
  if (!(error instanceof Error)) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return codeOf(error.cause);
}

const offline = new Set(['ENOTFOUND', 'EAI_AGAIN', 'ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'ETIMEDOUT', 'ECONNRESET']);

/** @param {unknown} error */
export const isOffline = (error) => offline.has(codeOf(error));

/**
 * Turns what the system says into what a person can do.
 * @param {unknown} error
 * @returns {Problem | undefined} undefined when it is a defect of ours, whose stack should be seen
 */
export function asProblem(error) {
  if (error instanceof Problem) return error;
  if (!(error instanceof Error)) return undefined;
  const where = 'path' in error && typeof error.path === 'string' ? ` (at ${error.path})` : '';
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new Problem(
        `The disk is full${where}. Free some space, then run the same command again; nothing is half-installed.`,
        { cause: error },
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new Problem(
        `No permission to write${where}. Choose another place with LEASEWIRE_HOME and LEASEWIRE_CACHE, or correct its owner.`,
        {
          cause: error,
        },
      );
    case 'EMFILE':
      return new Problem('Too many open files are not allowed here. Raise the limit with `ulimit -n 4096`, then try again.', {
        cause: error,
      });
    default:
      return undefined;
  }
}

/**
 * @param {unknown} error
 * @returns {string}
 */
export function messageOf(error) {
  return error instanceof Error ? error.message : String(error);
}
