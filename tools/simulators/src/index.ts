export { startSimulators, type Simulators, type SimulatorsWish } from './simulators.js';
export type { ResidentTruth, Stay, WorldState } from './control/state.js';
export type { Fault, FaultWish } from './faults/faults.js';
export type { Limits } from './http/rate-limits.js';
export { vendors, type Vendor } from './world/model.js';
export { operations } from './operations/operations.js';
