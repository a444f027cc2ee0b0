// The pieces of `npm start` for programs that want to start servers or a whole Leasewire themselves (Node's own modules
// only; startMongo also needs the installed mongodb driver). Jest runs CommonJS and cannot import this: there, spawn
// start.mjs as a process.
export { runSession } from './lib/session.mjs';
export { Leash } from './lib/leash.mjs';
export { Supervisor } from './lib/supervisor.mjs';
export { provision } from './lib/provision/provision.mjs';
export { startMongo } from './lib/mongo.mjs';
export { openNatsConfig, startNats } from './lib/nats.mjs';
export { prepareTrust } from './lib/trust.mjs';
export { chooseServices, findServices } from './lib/services.mjs';
export { createHome, emptyHome, homeOf } from './lib/home.mjs';
export { Stack } from './lib/stack.mjs';
export { freePort } from './lib/ports.mjs';
export { ensureBuilt, ensureInstalled } from './lib/workspace.mjs';
export { Problem } from './lib/problem.mjs';
