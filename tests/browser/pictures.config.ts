// Draws the pictures of the README anew: `npm run pictures`. No part of the tests.
import { defineConfig } from '@playwright/test';
import { shared } from './playwright.config.ts';

export default defineConfig({ ...shared, testDir: 'pictures', workers: 1, reporter: [['list']] });
