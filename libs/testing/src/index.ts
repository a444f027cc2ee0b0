export * from './child.js';
export * from './cleanup.js';
export * from './eventually.js';
export * from './mongo-server.js';
export * from './nats-server.js';
export * from './servers.js';
export { endOwnRun, runDirectory } from './test-run.js';
