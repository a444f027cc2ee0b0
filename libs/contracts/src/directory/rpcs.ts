import { z } from 'zod';
import { snapshotRpc } from '../snapshot.js';
import { resolveAudience } from './audience.rpcs.js';
import { previewCloseResidents } from './closing.rpcs.js';
import { startExport, readExport } from './export.rpcs.js';
import { explainMissing, getPerson, linkResident } from './explain.rpcs.js';
import { getImportProgress, previewImportMode, setImportMode } from './import.rpcs.js';
import { listDuplicates, linkDuplicate, exportPerson, erasePerson } from './person.rpcs.js';
import { getPolicies, previewPolicies, setPolicies, estimateStart, startService } from './policy.rpcs.js';
import {
  createProperty,
  adoptProperty,
  releaseProperty,
  getProperty,
  listProperties,
  updateProperty,
  archiveProperty,
} from './property.rpcs.js';
import { previewRemoveProperty, removeProperty } from './removal.rpcs.js';
import { listResidents, countResidents, resolveResidents } from './resident-list.rpcs.js';
import {
  getResident,
  explainAccess,
  listTimeline,
  createResident,
  updateResident,
  archiveResident,
  restoreResident,
  importResidents,
} from './resident.rpcs.js';
import { listSavedViews, saveView, removeView } from './saved-view.rpcs.js';
import { syncBasis, planSync, applySync, applyUnits } from './sync.rpcs.js';
import { countUnits, listUnits, resolveUnits, getUnit, createUnit, updateUnit, removeUnits } from './unit.rpcs.js';
import { listUpcomingChanges, executeUpcomingChanges } from './upcoming.rpcs.js';
import { Property, Resident, Unit } from './words.js';

export * from './audience.rpcs.js';
export * from './closing.rpcs.js';
export * from './explain.rpcs.js';
export * from './export.rpcs.js';
export * from './import.rpcs.js';
export * from './person.rpcs.js';
export * from './policy.rpcs.js';
export * from './property.rpcs.js';
export * from './removal.rpcs.js';
export * from './resident-list.rpcs.js';
export * from './resident.rpcs.js';
export * from './saved-view.rpcs.js';
export * from './sync.rpcs.js';
export * from './unit.rpcs.js';
export * from './upcoming.rpcs.js';

export const directorySnapshot = snapshotRpc('directory', z.union([Property, Unit, Resident]));

export const directoryRpcs = [
  createProperty,
  adoptProperty,
  releaseProperty,
  getProperty,
  listProperties,
  updateProperty,
  archiveProperty,
  previewRemoveProperty,
  removeProperty,
  previewCloseResidents,
  getPolicies,
  previewPolicies,
  setPolicies,
  estimateStart,
  startService,
  listUnits,
  countUnits,
  getUnit,
  createUnit,
  updateUnit,
  removeUnits,
  listResidents,
  countResidents,
  resolveAudience,
  resolveResidents,
  resolveUnits,
  getResident,
  explainAccess,
  explainMissing,
  getPerson,
  linkResident,
  createResident,
  updateResident,
  archiveResident,
  restoreResident,
  importResidents,
  getImportProgress,
  previewImportMode,
  setImportMode,
  listUpcomingChanges,
  executeUpcomingChanges,
  listTimeline,
  listDuplicates,
  linkDuplicate,
  exportPerson,
  erasePerson,
  listSavedViews,
  saveView,
  removeView,
  startExport,
  readExport,
  syncBasis,
  planSync,
  applySync,
  applyUnits,
  directorySnapshot,
] as const;
