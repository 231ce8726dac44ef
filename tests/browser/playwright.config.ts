// How the browser tests run: the system's Chromium where there is one, one more at a time than there are cores, one
// generous limit.
import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { defineConfig, type PlaywrightTestConfig } from '@playwright/test';

/** Where Debian has it. The one without windows comes first: the other draws a browser around each page. */
const systemChromium = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium'].find((path) =>
  existsSync(path),
);

/** Shared by the tests and by the pictures. */
export const shared: PlaywrightTestConfig = {
  outputDir: 'results',
  fullyParallel: true,
  // A test waits a quarter of its time for somebody else's page or the server.
  workers: availableParallelism() + 1,
  forbidOnly: Boolean(process.env.CI),
  timeout: 90_000,
  expect: { timeout: 10_000 },
  use: {
    locale: 'en-GB',
    timezoneId: 'Europe/London',
    viewport: { width: 390, height: 844 },
    // A turn of the light is drawn anew sixty times a second; whoever tests one asks for it.
    contextOptions: { reducedMotion: 'reduce' },
    // As phones grant it unasked; a Chromium without windows does not.
    permissions: ['screen-wake-lock'],
    actionTimeout: 10_000,
    launchOptions: {
      ...(systemChromium ? { executablePath: systemChromium } : {}),
      // Without these Chromium looks for its maker's hosts.
      args: [
        '--no-sandbox',
        '--disable-gpu',
        '--in-process-gpu',
        '--disable-quic',
        '--no-first-run',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    },
  },
};

export default defineConfig({ ...shared, testDir: 'specs', reporter: [['list']] });
