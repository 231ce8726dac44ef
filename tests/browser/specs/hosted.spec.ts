// What a host decides: who may set sessions up, and whether the connection is encrypted.
import { expect, test } from '@playwright/test';
import { Stage } from '../kit/stage.ts';
import { shared } from '../playwright.config.ts';

const WORD = 'ask at the front desk';
const { launchOptions } = shared.use ?? {};

// A name that is not this machine's own, and leads here nevertheless.
test.use({
  launchOptions: {
    ...launchOptions,
    args: [...(launchOptions?.args ?? []), '--host-resolver-rules=MAP attune.test 127.0.0.1'],
  },
});

test('WIRE-36 the set-up page asks for the word once the service does, and keeps what was typed', async ({
  page,
}) => {
  const stage = await Stage.open(['--create-token', WORD]);
  try {
    await page.goto(`${stage.address}/new`);
    const word = page.getByLabel('Word for setting up sessions');
    await expect(page.getByRole('heading', { name: 'Set up a session' })).toBeVisible();
    await expect(word).toHaveCount(0);
    await page.getByLabel('Your name').fill('Mary');
    const create = page.getByRole('button', { name: 'Create the session' });
    await create.click();
    await expect(word).toBeVisible();
    await expect(page.getByLabel('Your name')).toHaveValue('Mary');
    await word.fill('ask at the back door');
    await create.click();
    await expect(page.getByText('This is not the word', { exact: false }).first()).toBeVisible();
    await expect(word).toHaveValue('ask at the back door');
    await word.fill(WORD);
    await create.click();
    await expect(page.getByRole('button', { name: 'Copy the link' })).toBeVisible();
  } finally {
    await stage.close();
  }
});

test('WIRE-37 a page that is not encrypted says so on every screen, and this machine’s own does not', async ({
  page,
}) => {
  const stage = await Stage.open();
  try {
    const warning = page.getByText('This page is not encrypted', { exact: false });
    await page.goto(stage.address);
    await expect(page.getByRole('heading').first()).toBeVisible();
    await expect(warning).toHaveCount(0);
    const { port } = new URL(stage.address);
    await page.goto(`http://attune.test:${port}/`);
    await expect(warning).toBeVisible();
    await page.goto(`http://attune.test:${port}/new`);
    await page.getByLabel('Your name').fill('Mary');
    await page.getByRole('button', { name: 'Create the session' }).click();
    await expect(page.getByRole('button', { name: 'Copy the link' })).toBeVisible();
    await expect(warning).toBeVisible();
  } finally {
    await stage.close();
  }
});
