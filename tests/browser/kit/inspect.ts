// What must be true of every screen: nothing for axe to find, nothing cut off, nothing too small to press.
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { AxeResults, RunOptions } from 'axe-core';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

declare global {
  interface Window {
    axe?: { run(options: RunOptions): Promise<AxeResults> };
  }
}

/** How a device shows colours. */
export const APPEARANCES = {
  light: { colorScheme: 'light', contrast: 'no-preference', forcedColors: 'none' },
  dark: { colorScheme: 'dark', contrast: 'no-preference', forcedColors: 'none' },
  contrast: { colorScheme: 'light', contrast: 'more', forcedColors: 'none' },
  forced: { colorScheme: 'light', contrast: 'no-preference', forcedColors: 'active' },
} as const;

/** A way to show colours. */
export type Appearance = keyof typeof APPEARANCES;

/** Lets a page be seen as another device shows it, at rest. */
export async function appear(page: Page, appearance: Appearance): Promise<void> {
  await page.emulateMedia({ ...APPEARANCES[appearance], reducedMotion: 'reduce' });
}

/** Findings of axe, one line each. */
export async function findWithAxe(page: Page, appearance: Appearance): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axeSource);
  return page.evaluate(
    async (rules) => {
      // The page's timers stand still; axe needs some that do not.
      const { setTimeout: own } = window;
      window.setTimeout = window.seen.setTimeout;
      try {
        const found = await window.axe?.run({
          resultTypes: ['violations'],
          rules,
          runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        });
        if (!found) throw new Error('axe is not there');
        return found.violations.flatMap(({ id, nodes }) =>
          nodes.map((node) => `${id}: ${node.target.join(' ')} ${node.any[0]?.message ?? ''}`),
        );
      } finally {
        window.setTimeout = own;
      }
    },
    // It takes the page's own colours for those that the device forces.
    { 'color-contrast': { enabled: appearance !== 'forced' } },
  );
}

/** What does not fit or cannot be pressed, one line each. */
export function findMisfits(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const name = (element: Element) =>
      `${element.tagName.toLowerCase()}.${element.className} "${(element.textContent ?? '').trim().slice(0, 40)}"`;
    const root = document.documentElement;
    if (root.scrollWidth > window.innerWidth) {
      const wide = [...document.querySelectorAll('body *')].find(
        (element) => element.getBoundingClientRect().right > window.innerWidth + 0.5,
      );
      found.push(
        `sideways scrolling: ${root.scrollWidth} of ${window.innerWidth}, ${wide ? name(wide) : ''}`,
      );
    }
    const inside = document.querySelector('dialog[open]') ?? document;
    const filled = [...inside.querySelectorAll('.btn-fill')].filter((button) => button.checkVisibility());
    if (filled.length > 1) found.push(`more than one filled button: ${filled.map(name).join(', ')}`);
    // The lines of an agreement, and a person's own note after the end, are no notes of what is being said.
    const over = root.dataset.position === 'closed';
    for (const element of over
      ? []
      : inside.querySelectorAll('textarea:not([name="agreement"]), [contenteditable]'))
      found.push(`a box for notes: ${name(element)}`);
    for (const element of inside.querySelectorAll(
      'button, a[href], summary, input:not([type]), input[type=text], label.choice',
    )) {
      if (!element.checkVisibility()) continue;
      const { width, height } = element.getBoundingClientRect();
      if (height < 43.9 || width < 43.9)
        found.push(`too small to press: ${Math.round(width)}×${Math.round(height)} ${name(element)}`);
    }
    for (const element of document.querySelectorAll(
      'h1, h2, p, li, td, th, button, label, legend, summary, span',
    )) {
      if (!element.checkVisibility() || element.closest('.vh, .live-region')) continue;
      const { overflowX, overflowY } = getComputedStyle(element);
      const hides = (value: string) => value === 'hidden' || value === 'clip';
      if (hides(overflowX) && element.scrollWidth > element.clientWidth + 1)
        found.push(`cut off: ${name(element)}`);
      if (hides(overflowY) && element.scrollHeight > element.clientHeight + 1)
        found.push(`cut off: ${name(element)}`);
      const box = element.getBoundingClientRect();
      if (box.width > 0 && (box.right > window.innerWidth + 1 || box.left < -1))
        found.push(`out of the page: ${name(element)}`);
    }
    return [...new Set(found)];
  });
}

/** What of the page lies under something else and cannot be scrolled free. */
export function findCovered(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const found: string[] = [];
    const inside = document.querySelector('dialog[open]') ?? document;
    const before = { x: window.scrollX, y: window.scrollY };
    for (const element of inside.querySelectorAll('button, a[href], summary, input, h1, .lead, .next')) {
      if (!element.checkVisibility() || element.closest('.vh')) continue;
      let over: Element | null = null;
      const isFree = (['center', 'start', 'end'] as const).some((block) => {
        element.scrollIntoView({ block, behavior: 'instant' });
        const { left, top, width, height } = element.getBoundingClientRect();
        over = document.elementFromPoint(left + Math.min(width / 2, 60), top + height / 2);
        return over !== null && (element.contains(over) || over.contains(element));
      });
      if (!isFree) {
        const by = (over as Element | null)?.className;
        found.push(
          `covered: ${element.tagName} "${(element.textContent ?? '').trim().slice(0, 40)}" by ${by}`,
        );
      }
    }
    window.scrollTo({ left: before.x, top: before.y, behavior: 'instant' });
    return found;
  });
}

const SHOTS = join(import.meta.dirname, '../shots');

/** Keeps a picture for people to look at. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  mkdirSync(SHOTS, { recursive: true });
  await page.mouse.move(0, 0);
  await page.evaluate(() => window.scrollTo({ top: 0, behavior: 'instant' }));
  await page.screenshot({ path: join(SHOTS, `${name}.png`), animations: 'disabled' });
}

/** What the dock covers at one place of the page and leaves free at another is no fault; `findCovered` sees the rest. */
async function keepReal(
  page: Page,
  appearance: Appearance,
  lines: readonly string[],
): Promise<readonly string[]> {
  if (!lines.some((line) => line.startsWith('target-size'))) return lines;
  await page.evaluate(() =>
    window.scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' }),
  );
  const below = await findWithAxe(page, appearance);
  await page.evaluate(() => window.scrollTo({ top: 0, behavior: 'instant' }));
  return lines.filter((line) => !line.startsWith('target-size') || below.includes(line));
}

/** A device's size in CSS pixels. */
export interface Size {
  readonly width: number;
  readonly height: number;
}

export const PHONE: Size = { width: 390, height: 844 };
const WIDE: Size = { width: 1280, height: 800 };
const NARROW: Size = { width: 320, height: 640 };
const LYING: Size = { width: 640, height: 320 };

/** The text size that a person has chosen in the browser's settings, in px. */
async function setTextSize(page: Page, standard: number): Promise<void> {
  const browser = await page.context().newCDPSession(page);
  await browser.send('Page.setFontSizes', { fontSizes: { standard } });
  await browser.detach();
}

/** Looks at a screen in every appearance and size that a phone may have, and collects what is wrong. */
export async function inspect(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  const note = (where: string, lines: readonly string[]) =>
    found.push(...lines.map((line) => `${name}, ${where}: ${line}`));
  for (const appearance of ['light', 'dark', 'contrast', 'forced'] as const) {
    await appear(page, appearance);
    note(appearance, await findWithAxe(page, appearance).then((lines) => keepReal(page, appearance, lines)));
    if (appearance === 'light' || appearance === 'dark')
      await keepPicture(page, `${name}-390x844-${appearance}`);
  }
  await appear(page, 'light');
  note('390×844', await findMisfits(page));
  await page.setViewportSize(NARROW);
  note('320×640', await findMisfits(page));
  note('320×640', await findCovered(page));
  await keepPicture(page, `${name}-320x640-light`);
  await page.setViewportSize(LYING);
  note('640×320', await findMisfits(page));
  note('640×320', await findCovered(page));
  await page.setViewportSize(PHONE);
  await setTextSize(page, 32);
  note('text at 200 %', await findMisfits(page));
  note('text at 200 %', await findCovered(page));
  await setTextSize(page, 16);
  if (process.env.SHOTS === 'all') await keepMorePictures(page, name);
  return found;
}

/** Pictures for people who look at a screen in more than its usual size. */
async function keepMorePictures(page: Page, name: string): Promise<void> {
  for (const appearance of ['light', 'dark'] as const) {
    await appear(page, appearance);
    for (const size of [NARROW, WIDE]) {
      await page.setViewportSize(size);
      await keepPicture(page, `${name}-${size.width}x${size.height}-${appearance}`);
    }
  }
  await appear(page, 'light');
  await page.setViewportSize(PHONE);
}

/** Fails with all that was found. */
export function expectNothing(found: readonly string[]): void {
  expect(found).toEqual([]);
}
