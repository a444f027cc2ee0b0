export const notificationsContracts = {
  events: [],
  rpcs: [],
  jobs: [],
  errors: {},
} as const;
