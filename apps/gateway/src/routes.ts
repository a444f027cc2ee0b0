import { apiKeyRoutes } from './api-keys/api-key.routes.js';
import { auditRoutes } from './audit/audit.routes.js';
import { connectionRoutes } from './connections/connection.routes.js';
import { consentRoutes } from './consents/consent.routes.js';
import { docsRoutes } from './docs/docs.routes.js';
import { eventRoutes } from './events/events.routes.js';
import { goLiveRoutes } from './go-lives/go-live.routes.js';
import { healthRoutes } from './health/health.routes.js';
import { holdRoutes } from './holds/hold.routes.js';
import { mailHookRoutes } from './hooks/mail-hook.routes.js';
import { twilioHookRoutes } from './hooks/twilio-hook.routes.js';
import { importRoutes } from './imports/import.routes.js';
import { invitationRoutes } from './invitations/invitation.routes.js';
import { jobRoutes } from './jobs/job.routes.js';
import { linkRoutes } from './links/link.routes.js';
import { meRoutes } from './me/me.routes.js';
import { messageRoutes } from './messages/message.routes.js';
import { organizationRoutes } from './organization/organization.routes.js';
import { propertyRoutes } from './properties/property.routes.js';
import { residentPageRoutes } from './resident-pages/resident.routes.js';
import { residentRoutes } from './residents/resident.routes.js';
import { roleRoutes } from './roles/role.routes.js';
import type { Route, RouteGroup } from './routing/route.js';
import { sessionRoutes } from './sessions/session.routes.js';
import { staffRoutes } from './staff/staff.routes.js';
import { suppressionRoutes } from './suppressions/suppression.routes.js';
import { syncRunRoutes } from './sync-runs/sync-run.routes.js';
import { templateRoutes } from './templates/template.routes.js';
import { unitRoutes } from './units/unit.routes.js';
import { unsubscribeRoutes } from './unsubscribe/unsubscribe.routes.js';

/** Every route there is, in the order of the documentation. Servers, documents and tests are made of this. */
export const routeGroups: readonly RouteGroup[] = [
  sessionRoutes,
  linkRoutes,
  meRoutes,
  staffRoutes,
  roleRoutes,
  organizationRoutes,
  apiKeyRoutes,
  propertyRoutes,
  unitRoutes,
  residentRoutes,
  invitationRoutes,
  goLiveRoutes,
  residentPageRoutes,
  connectionRoutes,
  syncRunRoutes,
  importRoutes,
  holdRoutes,
  consentRoutes,
  mailHookRoutes,
  twilioHookRoutes,
  unsubscribeRoutes,
  messageRoutes,
  suppressionRoutes,
  templateRoutes,
  auditRoutes,
  jobRoutes,
  eventRoutes,
  docsRoutes,
  healthRoutes,
];

export const routes: readonly Route[] = routeGroups.flatMap((group) => group.routes);
