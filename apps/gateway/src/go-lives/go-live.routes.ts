import { cancelGoLive, estimateGoLive, getGoLive, listGoLivePeople, listGoLives, startGoLive } from '@leasewire/contracts';
import { defineRoutes, get, post } from '../routing/route.js';

/** *Settings › Integrations › User Management › Go Live*. Who does it needs full access to Integrations and to Residence. */
export const goLiveRoutes = defineRoutes(
  'Go Live',
  'Importing the people of one or many properties, with a welcome mail. First an estimate, then “I understand” and its token.',
  [
    post('/go-lives/estimate', estimateGoLive, {
      summary: 'Who would be imported, and how many welcome mails that is',
      status: 201,
      location: '/v1/go-lives/{id}',
    }),
    get('/go-lives', listGoLives, { summary: 'Go Lives that were started' }),
    get('/go-lives/:goLiveId', getGoLive, { summary: 'One Go Live' }),
    get('/go-lives/:goLiveId/people', listGoLivePeople, { summary: 'Its people, and why some get no mail' }),
    post('/go-lives/:goLiveId/start', startGoLive, { summary: 'Proceed', status: 202, location: '/v1/jobs/{id}' }),
    post('/go-lives/:goLiveId/cancel', cancelGoLive, {
      summary: 'Stop it, and withdraw the mails that are still planned',
      status: 202,
      location: '/v1/go-lives/{id}',
    }),
  ],
);
