import { z } from 'zod';
import { snapshotRpc } from '../snapshot.js';
import { activationRpcs } from './activation.rpcs.js';
import { onboardingErrors } from './errors.js';
import { onboardingEvents } from './events.js';
import { goLiveJob, goLiveRpcs, withdrawGoLiveJob } from './go-live.rpcs.js';
import { invitationJobs, invitationRpcs } from './invitation.rpcs.js';
import { settingsRpcs } from './settings.js';
import { Account } from './words.js';

export * from './activation.rpcs.js';
export * from './errors.js';
export * from './events.js';
export * from './go-live.rpcs.js';
export * from './invitation.rpcs.js';
export * from './settings.js';
export * from './words.js';

export const onboardingSnapshot = snapshotRpc('onboarding', z.object({ account: Account }));

/** From an imported name to a living account: invitations, activations, Go Live. */
export const onboardingContracts = {
  events: onboardingEvents,
  rpcs: [...activationRpcs, ...invitationRpcs, ...goLiveRpcs, ...settingsRpcs, onboardingSnapshot],
  jobs: [...invitationJobs, goLiveJob, withdrawGoLiveJob],
  errors: onboardingErrors,
} as const;
