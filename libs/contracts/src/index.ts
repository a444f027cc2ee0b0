export * from './define.js';
export * from './envelope.js';
export * from './errors.js';
export * from './ids.js';
export * from './permissions.js';
export * from './services.js';
export * from './words.js';
