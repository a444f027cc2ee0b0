export { compared, customerIdOf, type Compared } from './comparison.js';
export { connectionTo } from './connection-to.js';
export { Dice } from './dice.js';
export { ModelRun, type ModelWish, type Watched } from './model-run.js';
export { PmsScene, type SceneWish } from './pms-scene.js';
export { expectedAccess, expectedPeople, isLive, type World } from './reference.js';
export type * from './views.js';
