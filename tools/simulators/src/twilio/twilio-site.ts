import { z } from 'zod';
import type { Asked } from '../http/exchange.js';
import { json, missing, type Answer, type Site } from '../http/site.js';
import { twilioApi } from './twilio-api.js';
import { twilioControl } from './twilio-control.js';
import { twilioPages } from './twilio-pages.js';
import type { TwilioSimulator } from './twilio-simulator.js';

/** The vendor's API, the control API and pages for people. */
export class TwilioSite implements Site {
  constructor(private readonly twilio: TwilioSimulator) {}

  async serve(asked: Asked): Promise<Answer> {
    if (asked.path.startsWith('/2010-04-01/')) return twilioApi(this.twilio, asked);
    try {
      return (
        (await twilioControl(this.twilio, asked)) ??
        (await twilioPages(this.twilio, asked)) ??
        missing(`${asked.verb} ${asked.path}`)
      );
    } catch (error) {
      if (error instanceof z.ZodError) return json({ error: z.prettifyError(error) }, 400);
      if (error instanceof SyntaxError) return json({ error: error.message }, 400);
      throw error;
    }
  }
}
