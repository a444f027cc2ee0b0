/** Where the platform can be reached. */
export interface Sites {
  /** Undefined: this deployment has no console. */
  readonly console: string | undefined;
  /** The gateway. */
  readonly site: string;
}

export interface Way {
  /** A page that there is: one click to the place, or to the pages of the API. */
  readonly link: string;
  /** Where there is no console, what to ask the API for. */
  readonly way: string | null;
}

/** How somebody comes from an alert to what it is about: a link that leads nowhere is worse than none. */
export function wayTo(place: string, { console, site }: Sites): Way {
  if (console !== undefined) return { link: `${withoutSlash(console)}${place}`, way: null };
  return { link: `${withoutSlash(site)}/docs`, way: place === '/' ? null : `GET ${withoutSlash(site)}/v1${place}` };
}

const withoutSlash = (url: string): string => url.replace(/\/$/, '');
