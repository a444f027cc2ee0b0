export { Api, type Answer } from './api.js';
export { Ledger } from './ledger.js';
export { mailTo } from './mail-environment.js';
export { Platform, type SignIn } from './platform.js';
export * from './sync/index.js';
