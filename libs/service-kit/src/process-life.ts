import type { Logger } from './logger.js';

/**
 * A process ends in three ways: asked to (0, after finishing its work), asked twice (at once), or by a fault nobody caught
 * (1, so that its supervisor starts it again: after an unknown fault nothing in memory can be trusted).
 */
export function obeySignals(logger: Logger, stop: () => Promise<void>): void {
  let asked = false;
  const onSignal = (signal: NodeJS.Signals): void => {
    if (asked) {
      logger.warn({ signal }, 'asked twice: leaving at once');
      process.exit(1);
    }
    asked = true;
    logger.info({ signal }, 'shutting down');
    stop().then(
      () => process.exit(0),
      (error: unknown) => {
        logger.fatal({ err: error }, 'the shutdown failed');
        process.exit(1);
      },
    );
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  process.on('uncaughtException', (error) => {
    logger.fatal({ err: error }, 'a fault that nobody caught; the process ends and its supervisor starts it again');
    process.exit(1);
  });
  process.on('unhandledRejection', (error) => {
    logger.fatal({ err: error }, 'a rejection that nobody handled; the process ends and its supervisor starts it again');
    process.exit(1);
  });
}
