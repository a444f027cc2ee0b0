import type { IncomingMessage, ServerResponse } from 'node:http';
import { control, type Stage } from './control/control.js';
import { Faults } from './faults/faults.js';
import type { VendorView } from './http/exchange.js';
import { RateLimits, type Limits } from './http/rate-limits.js';
import { answer, askedUnder, bodyOf, listening, type Site } from './http/site.js';
import { serveVendor } from './http/vendor-server.js';
import { MailCatcher, type MailCatcherWish, type SmtpAccess } from './mail/mail-catcher.js';
import { MailSite } from './mail/mail-site.js';
import { page } from './page.js';
import { TwilioSimulator, type TwilioAccess, type TwilioWish } from './twilio/twilio-simulator.js';
import { TwilioSite } from './twilio/twilio-site.js';
import { Buildium, type BuildiumAccess } from './vendor/buildium/buildium.js';
import { Entrata, type EntrataAccess } from './vendor/entrata/entrata.js';
import { PropertyIq } from './vendor/propertyiq/propertyiq.js';
import type { PropertyIqAccess } from './vendor/propertyiq/tokens.js';
import { StrataMax, type StrataMaxAccess } from './vendor/stratamax/stratamax.js';
import { buildWorld } from './world/build.js';
import { dayOf } from './world/days.js';
import { vendors, type Vendor } from './world/model.js';
import type { Clock, World } from './world/world.js';

export interface SimulatorsWish {
  readonly seed: number;
  readonly residents: number;
  /** 0, the default: any that is free. */
  readonly port?: number;
  /** The day it is in the world; by default the day it is. */
  readonly today?: string;
  /** Those with people in the world; by default all. */
  readonly vendors?: readonly Vendor[];
  readonly limits?: Partial<Limits>;
  /** Stamps what is changed; deltas of vendors go by it. */
  readonly clock?: Clock;
  readonly mail?: MailCatcherWish;
  readonly twilio?: TwilioWish;
}

export interface Simulators {
  readonly url: string;
  readonly entrata: EntrataAccess & { readonly url: string };
  readonly buildium: BuildiumAccess & { readonly url: string };
  readonly propertyiq: PropertyIqAccess & { readonly url: string };
  readonly stratamax: StrataMaxAccess & { readonly url: string };
  readonly mail: { readonly url: string; readonly smtp: SmtpAccess; readonly catcher: MailCatcher };
  readonly twilio: TwilioAccess & { readonly url: string; readonly simulator: TwilioSimulator };
  readonly control: {
    readonly url: string;
    get(path: string): Promise<unknown>;
    /** Throws what the control API says when it cannot be done. */
    post(path: string, body?: unknown): Promise<unknown>;
    clearFaults(): Promise<void>;
  };
  /** The model itself, for tests in the same process. */
  world(): World;
  close(): Promise<void>;
}

const access = {
  entrata: {
    subdomain: 'simulated-test-17291',
    username: 'leasewire_api',
    password: 'simulated-password-1',
    apiKey: 'simulated-entrata-key-1',
  },
  buildium: { clientId: 'simulated-buildium-client', clientSecret: 'simulated-buildium-secret-1' },
  propertyiq: { clientId: 'simulated-propertyiq-client', clientSecret: 'simulated-propertyiq-secret-1' },
  stratamax: { apiKey: 'simulated-stratamax-key-1' },
};

/** Binds 127.0.0.1 only. */
export async function startSimulators(wish: SimulatorsWish): Promise<Simulators> {
  const catcher = new MailCatcher({ seed: wish.seed, ...wish.mail });
  await catcher.open();
  const twilio = new TwilioSimulator({ seed: wish.seed, ...wish.twilio });
  const theatre = new Theatre(wish, [
    ['/mail', new MailSite(catcher)],
    ['/twilio', new TwilioSite(twilio)],
  ]);
  const web = await listening((request, response) => theatre.serve(request, response), wish.port ?? 0);
  const url = `http://127.0.0.1:${web.port}`;
  return {
    url,
    entrata: { url: `${url}/entrata`, ...access.entrata },
    buildium: { url: `${url}/buildium`, ...access.buildium },
    propertyiq: { url: `${url}/propertyiq`, ...access.propertyiq },
    stratamax: { url: `${url}/stratamax`, ...access.stratamax },
    control: controlAt(url),
    world: () => theatre.world,
    mail: { url: `${url}/mail`, smtp: catcher.smtp, catcher },
    twilio: { url: `${url}/twilio`, ...twilio.access, simulator: twilio },
    close: async () => {
      await Promise.all([web.close(), catcher.close(), twilio.close()]);
    },
  };
}

function controlAt(url: string): Simulators['control'] {
  const ask = async (verb: string, path: string, body?: unknown): Promise<unknown> => {
    const init = body === undefined ? { method: verb } : { method: verb, body: JSON.stringify(body) };
    const reply = await fetch(`${url}/control/${path}`, init);
    const text = await reply.text();
    if (!reply.ok) throw new Error(`${verb} /control/${path}: ${text}`);
    return JSON.parse(text);
  };
  return {
    url: `${url}/control`,
    get: (path) => ask('GET', path),
    post: (path, body = {}) => ask('POST', path, body),
    clearFaults: async () => {
      await ask('DELETE', 'faults');
    },
  };
}

/** The world, who shows it and who spoils it. */
class Theatre implements Stage {
  world: World;
  readonly faults = new Faults();
  readonly limits: RateLimits;
  readonly calls = new Map<string, number>();
  #views: Readonly<Record<Vendor, VendorView>>;
  #now: Date | null = null;
  #wish: SimulatorsWish;

  constructor(
    wish: SimulatorsWish,
    private readonly sites: readonly (readonly [prefix: string, site: Site])[],
  ) {
    this.#wish = wish;
    this.limits = new RateLimits(wish.limits ?? {}, () => performance.now());
    this.world = this.#build();
    this.#views = viewsOf(this.world);
  }

  reset({ seed = this.#wish.seed, residents = this.#wish.residents, today }: Parameters<Stage['reset']>[0]): void {
    this.#wish = { ...this.#wish, seed, residents, ...(today === undefined ? {} : { today }) };
    this.world = this.#build();
    this.#views = viewsOf(this.world);
    this.faults.clear();
    this.limits.set({});
    this.calls.clear();
  }

  setClock(now: Date | null): void {
    this.#now = now;
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const verb = request.method ?? 'GET';
    const body = await bodyOf(request);
    for (const [prefix, site] of this.sites) {
      const asked = askedUnder(prefix, request, body);
      if (asked !== null) return answer(site, asked, response);
    }
    if (url.pathname === '/') return void response.writeHead(200, { 'Content-Type': 'text/html; charset=UTF-8' }).end(page());
    if (url.pathname.startsWith('/control')) {
      const reply = control(this, verb, url.pathname, url.searchParams, body);
      return void response.writeHead(reply.status, { 'Content-Type': 'application/json' }).end(JSON.stringify(reply.body));
    }
    const vendor = vendors.find((one) => url.pathname.startsWith(`/${one}/`));
    if (vendor === undefined) return void response.writeHead(404).end();
    const base = `http://${request.headers.host ?? '127.0.0.1'}/${vendor}`;
    const asked = {
      verb,
      path: url.pathname.slice(vendor.length + 1),
      query: url.searchParams,
      headers: request.headers,
      body,
      base,
    };
    await serveVendor(vendor, this.#views[vendor], asked, response, this);
  }

  #build(): World {
    const stamp = this.#wish.clock ?? { now: () => new Date() };
    const clock = { now: () => this.#now ?? stamp.now() };
    const { seed, residents, today = dayOf(clock.now()) } = this.#wish;
    return buildWorld({ seed, residents, today, vendors: this.#wish.vendors ?? vendors, clock });
  }
}

function viewsOf(world: World): Readonly<Record<Vendor, VendorView>> {
  return {
    entrata: new Entrata(world, access.entrata),
    buildium: new Buildium(world, access.buildium),
    propertyiq: new PropertyIq(world, access.propertyiq, () => performance.now()),
    stratamax: new StrataMax(world, access.stratamax),
  };
}
