/** Whom `npm start` shows. Their passwords are known to everybody who reads this, so they exist in development only. */
export const demo = [
  {
    name: 'Harbour Living',
    locale: 'en-US',
    staff: [
      { role: 'owner', name: 'Olivia Grant', email: 'owner@harbour.example', password: 'demo-lantern-anchor-42' },
      { role: 'manager', name: 'Marcus Webb', email: 'manager@harbour.example', password: 'demo-copper-window-57' },
      { role: 'employee', name: 'Elena Novak', email: 'employee@harbour.example', password: 'demo-velvet-teapot-63' },
    ],
  },
  {
    name: 'Summit Strata',
    locale: 'en-AU',
    staff: [{ role: 'owner', name: 'Sven Dahl', email: 'owner@summit.example', password: 'demo-granite-kettle-78' }],
  },
] as const;
