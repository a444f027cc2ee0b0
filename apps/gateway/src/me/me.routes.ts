import {
  changePassword,
  confirmTwoFactor,
  disableTwoFactor,
  getMe,
  getMyAlerts,
  renewRecoveryCodes,
  setMyAlerts,
  startTwoFactor,
  updateMe,
} from '@leasewire/contracts';
import { defineRoutes, get, patch, post, put } from '../routing/route.js';

export const meRoutes = defineRoutes('Me', 'Whoever is calling: profile, password, second factor.', [
  get('/me', getMe, { summary: 'Who is calling, and what they may do' }),
  patch('/me', updateMe, {
    summary: 'Change one’s name or locale',
    // Nobody else edits it, so naming the version is offered, not asked.
    ifMatch: { field: 'version', required: false },
  }),
  get('/me/alerts', getMyAlerts, { summary: 'Which alerts one receives, and how' }),
  put('/me/alerts', setMyAlerts, { summary: 'Choose which alerts one receives', ifMatch: { field: 'version', required: false } }),
  post('/me/password', changePassword, { summary: 'Change one’s password', status: 204 }),
  post('/me/two-factor', startTwoFactor, { summary: 'Begin to set up a second factor' }),
  post('/me/two-factor/confirm', confirmTwoFactor, { summary: 'Turn the second factor on' }),
  post('/me/two-factor/disable', disableTwoFactor, { summary: 'Turn the second factor off', status: 204 }),
  post('/me/two-factor/recovery-codes', renewRecoveryCodes, { summary: 'New recovery codes' }),
]);
