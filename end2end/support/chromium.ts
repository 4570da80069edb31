import { existsSync } from 'node:fs';

/** The same places as in scripts/setup-browser.sh. */
const places = [
  '/usr/bin/chromium',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

const executablePath = process.env['CHROMIUM_PATH'] || places.find((path) => existsSync(path));

/** How every browser here is started. Without an installed one, Playwright looks for its own. */
export const chromium = {
  ...(executablePath === undefined ? {} : { executablePath }),
  args: [
    // As root, as in a container, Chromium has no sandbox.
    '--no-sandbox',
    '--disable-gpu',
    // Nothing but the page may speak, or a test of being offline tests something else.
    '--disable-quic',
    '--no-first-run',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
  ],
};
