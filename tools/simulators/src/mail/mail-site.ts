import { z } from 'zod';
import type { Asked } from '../http/exchange.js';
import { json, missing, type Answer, type Site } from '../http/site.js';
import { mailApi } from './mail-api.js';
import type { MailCatcher } from './mail-catcher.js';
import { mailPages } from './mail-pages.js';

/** The web side of the mail catcher: pages for people, JSON for tests. */
export class MailSite implements Site {
  constructor(private readonly catcher: MailCatcher) {}

  async serve(asked: Asked): Promise<Answer> {
    try {
      return (
        (await mailPages(this.catcher, asked)) ?? (await mailApi(this.catcher, asked)) ?? missing(`${asked.verb} ${asked.path}`)
      );
    } catch (error) {
      if (error instanceof z.ZodError) return json({ error: z.prettifyError(error) }, 400);
      if (error instanceof SyntaxError) return json({ error: error.message }, 400);
      throw error;
    }
  }
}
