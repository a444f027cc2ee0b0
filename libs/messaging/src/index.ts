export * from './actor.js';
export * from './call.js';
export * from './clock.js';
export * from './event-bus.js';
export * from './ids.js';
export * from './log.js';
export * from './on-event.decorator.js';
export * from './rpc.decorator.js';
