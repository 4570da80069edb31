import { expect, test as base } from '@playwright/test';

import { Workspace } from '../pages/workspace.ts';
import { IndicatorRecord } from './indicator.ts';
import { PersonsBrowser } from './person.ts';
import { Profile } from './profile.ts';
import { SaveRecord } from './saves.ts';
import { Server } from './server.ts';
import { TransactionRecord } from './transactions.ts';
import { Truth } from './truth.ts';

export { expect };

interface Fixtures {
  /** Further environment of the server, set by `test.use({ settings: { … } })`. */
  settings: Record<string, string>;
  /** Settings of the browser of `profile`, set by `test.use({ preferences: { … } })`. */
  preferences: object | undefined;
  /** The real program, of this test alone. */
  server: Server;
  /** A browser with a profile on disk that can be killed and opened again. */
  profile: Profile;
  /** What the browser of `person` is told to try, set by `test.use({ features: ['…'] })`. */
  features: string[];
  /** A browser in which a tab behind another is hidden and held back, as a person's is. */
  person: PersonsBrowser;
  /** What the indicator showed in pages of `page`, `profile` and `person`. */
  indicator: IndicatorRecord;
  /** What the server answered to saves of pages of `page`, `profile` and `person`. */
  saves: SaveRecord;
  /** Confirms at the end, from outside, what was acknowledged and shown in pages of `page`, `profile` and `person`. */
  truth: Truth;
  /** What IndexedDB said is kept by pages of `profile`. */
  transactions: TransactionRecord;
  /** The page open at `/`, ready to be typed into. */
  workspace: Workspace;
}

export const test = base.extend<Fixtures>({
  settings: [{}, { option: true }],

  preferences: [undefined, { option: true }],

  server: async ({ settings }, use, info) => {
    const server = await Server.start(settings);
    await use(server);
    if (info.status !== info.expectedStatus) {
      await info.attach('server.log', { body: server.logs, contentType: 'text/plain' });
    }
    await server.dispose();
  },

  baseURL: async ({ server }, use) => use(server.url),

  indicator: async ({}, use) => use(new IndicatorRecord()),

  saves: async ({}, use) => use(new SaveRecord()),

  truth: async ({ server, indicator, saves }, use) => use(new Truth(server.url, indicator, saves)),

  transactions: async ({}, use) => use(new TransactionRecord()),

  context: async ({ context, indicator, saves }, use) => {
    await indicator.attach(context);
    saves.attach(context);
    await use(context);
    // Further browsers of this test would go on beside those that come.
    const all = context.browser()?.contexts() ?? [];
    await Promise.all(all.filter((other) => other !== context).map((other) => other.close()));
  },

  profile: async (
    { server, preferences, indicator, saves, transactions, viewport, locale, timezoneId },
    use,
  ) => {
    const profile = await Profile.open({
      baseURL: server.url,
      viewport,
      ...(preferences === undefined ? {} : { preferences }),
      ...(locale === undefined ? {} : { locale }),
      ...(timezoneId === undefined ? {} : { timezoneId }),
      prepare: async (context) => {
        await indicator.attach(context);
        await transactions.attach(context);
        saves.attach(context);
      },
    });
    await use(profile);
    await profile.dispose();
  },

  features: [[], { option: true }],

  person: async ({ features, truth }, use) => {
    const person = await PersonsBrowser.start(features);
    await truth.attach(person.context);
    await use(person);
    await person.dispose();
  },

  workspace: async ({ page }, use) => {
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    const workspace = await Workspace.at(page);
    await use(workspace);
    expect(errors, 'errors that the page did not handle').toEqual([]);
  },
});
