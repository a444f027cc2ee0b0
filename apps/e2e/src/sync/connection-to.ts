import type { Simulators, Vendor } from '@leasewire/simulators';

interface ConnectionForm {
  readonly settings: Readonly<Record<string, string>>;
  readonly credentials: Readonly<Record<string, string>>;
}

/** What somebody types into the form of each platform. */
export const connectionTo: Readonly<Record<Vendor, (simulators: Simulators) => ConnectionForm>> = {
  entrata: ({ entrata }) => ({
    settings: { subdomain: entrata.subdomain, baseUrl: `${entrata.url}/ext/orgs` },
    credentials: { apiKey: entrata.apiKey },
  }),
  buildium: ({ buildium }) => ({
    settings: { baseUrl: buildium.url },
    credentials: { clientId: buildium.clientId, clientSecret: buildium.clientSecret },
  }),
  propertyiq: ({ propertyiq }) => ({
    settings: { baseUrl: propertyiq.url },
    credentials: { clientId: propertyiq.clientId, clientSecret: propertyiq.clientSecret },
  }),
  stratamax: ({ stratamax }) => ({ settings: { baseUrl: stratamax.url }, credentials: { apiKey: stratamax.apiKey } }),
};
