// One person with a browser of their own.
import { setTimeout } from 'node:timers/promises';
import type { Browser, BrowserContext, BrowserContextOptions, Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { SessionView } from '../../../web/src/protocol.ts';
import type { Stage } from './stage.ts';
import { observe, Watch } from './watch.ts';

/** What a screen says and offers. */
export interface Screen {
  readonly heading: string;
  /** What this person does now. */
  readonly sentence: string;
  /** What comes next; empty where nothing is said of it. */
  readonly next: string;
  /** The tab's title. */
  readonly title: string;
  readonly position: string;
  /** The buttons of the page, without Menu and "Hide number", which are everywhere. */
  readonly buttons: readonly string[];
}

/** How a person's browser differs from a phone with the right time. */
export interface Device {
  /** How much its clock is wrong, in ms. */
  readonly wrongBy?: number;
  readonly options?: BrowserContextOptions;
}

const MANY_MINUTES = 600_000;
/** A server that is there answers within this, in real time and on a busy machine. */
const ANSWERED_WITHIN = 5_000;
/** What is waited for comes within some hundredths of a second, in real time. */
const LOOK_EVERY = 20;

/** A person. */
export class Person {
  page: Page;

  private constructor(
    readonly name: string,
    readonly context: BrowserContext,
    readonly stage: Stage,
    readonly watch: Watch,
    page: Page,
  ) {
    this.page = page;
  }

  /** Takes a new browser, whose time stands still until it is moved. */
  static async arrive(browser: Browser, stage: Stage, name: string, device: Device = {}): Promise<Person> {
    const context = await browser.newContext({ baseURL: stage.address, ...device.options });
    const now = stage.now + (device.wrongBy ?? 0);
    await context.addInitScript(observe);
    await context.addInitScript(endHalfSeconds);
    await context.clock.install({ time: now - MANY_MINUTES });
    await context.clock.pauseAt(now);
    const watch = new Watch();
    watch.follow(context);
    return new Person(name, context, stage, watch, await context.newPage());
  }

  /** Opens an address and waits for its heading. */
  async open(address: string): Promise<void> {
    await this.page.goto(address);
    await expect(this.page.locator('h1')).toBeVisible();
  }

  /** Presses a button. */
  async press(name: string | RegExp): Promise<void> {
    await this.button(name).click();
  }

  /** A button, of a dialog if one is open. */
  button(name: string | RegExp): Locator {
    const exact = typeof name === 'string';
    const dialog = this.page.locator('dialog[open]');
    const inside = dialog.getByRole('button', { name, exact });
    return inside.or(this.page.locator('body:not(:has(dialog[open]))').getByRole('button', { name, exact }));
  }

  /** Comes in by the link. */
  async join(link: string): Promise<void> {
    await this.fillIn(link);
    await this.enter();
  }

  /** Opens the link and writes the name, which changes nothing yet. */
  async fillIn(link: string): Promise<void> {
    await this.open(link);
    await this.page.getByLabel('Your name').fill(this.name);
  }

  /** Presses Join. */
  async enter(): Promise<void> {
    await this.press('Join');
    await expect(this.page.getByText('This is what we promise each other.')).toBeVisible();
  }

  /** The page is closed as a phone closes it, and another is opened on the same device. */
  async openNewTab(address: string): Promise<void> {
    const old = this.page;
    this.page = await this.context.newPage();
    await old.close();
    await this.open(address);
  }

  /** Waits until a heading stands there. */
  async sees(heading: string | RegExp): Promise<void> {
    await expect(this.page.locator('h1')).toHaveText(heading);
  }

  /** What the screen says now. */
  readScreen(): Promise<Screen> {
    return this.page.evaluate(() => {
      const read = (element: Element | null): string => {
        if (!element?.checkVisibility()) return '';
        const parts = [...element.childNodes].map((node) =>
          node instanceof Element ? read(node) : (node.textContent ?? ''),
        );
        return parts.join('');
      };
      const words = (element: Element | null) => read(element).replace(/\s+/gu, ' ').trim();
      const everywhere = ['Menu', 'Hide number', 'Show number'];
      return {
        heading: words(document.querySelector('h1')),
        sentence: words(document.querySelector('main .lead')),
        next: words(document.querySelector('main .next')),
        title: document.title,
        position: document.documentElement.dataset.position ?? '',
        buttons: [...document.querySelectorAll('button, a.btn')]
          .map((button) => button.getAttribute('aria-label') ?? words(button))
          .filter((name) => name !== '' && !everywhere.includes(name)),
      };
    });
  }

  /** Waits until the server has answered every press, for as long as a server that is there takes. */
  async isAnswered(): Promise<void> {
    // What a press sends is told in order with this.
    await this.page.evaluate(() => null);
    const requests = (type: string) =>
      this.watch.frames.filter((frame) => frame.startsWith(`{"type":"${type}"`)).map(readRequest);
    const unanswered = () => {
      const answered = new Set([...requests('accepted'), ...requests('refused')]);
      return requests('command').filter((request) => !answered.has(request));
    };
    await waitBriefly(() => unanswered().length === 0);
  }

  /** Waits until the page has all it asked for, and the session if it opened a socket. */
  async isDrawn(): Promise<void> {
    const { watch } = this;
    await waitBriefly(() => watch.loading === 0 && (watch.open === 0 || watch.revision > 0));
    // What came last is drawn before this is answered.
    await this.page.evaluate(() => null);
    await expect(this.page.locator('h1')).toBeVisible();
  }

  /** The newest view that this browser was told. */
  readView(): SessionView {
    for (const frame of this.watch.frames.toReversed()) {
      if (!frame.startsWith('{"type":"view"') && !frame.startsWith('{"type":"welcome"')) continue;
      return (JSON.parse(frame) as { view: SessionView }).view;
    }
    throw new Error(`${this.name} has seen no session`);
  }

  /** The time as the clock says it. */
  async readClock(): Promise<string> {
    const text = await this.page.getByRole('timer').innerText();
    return text.replace(/\s+/gu, ' ').trim();
  }

  /** What the screen reader was told since the page was opened. */
  readSpeech(): Promise<string[]> {
    return this.page.evaluate(() => [...window.seen.said]);
  }

  /** Moves this browser's time; the server's has to be moved before. */
  async move(milliseconds: number): Promise<void> {
    await this.context.clock.fastForward(milliseconds);
    await this.#settle();
  }

  /** Moves this browser's time by some frames: what is put off from one to the next comes too. */
  async moveFrames(milliseconds: number): Promise<void> {
    await this.context.clock.runFor(milliseconds);
    await this.#settle();
  }

  /** Waits for the pongs of the pings that a move has brought. They are told in order with its end. */
  async #settle(): Promise<void> {
    if (!this.watch.awaitsPong) return;
    await Promise.all(
      this.context.pages().map((page) =>
        page
          .evaluate(() => window.seen?.settle())
          .catch((error: Error) => {
            // A page that is just being loaded has nothing to settle.
            if (!/context|navigat|closed/iu.test(error.message)) throw error;
          }),
      ),
    );
  }
}

declare global {
  interface Window {
    /** Whether what `endHalfSeconds` ends is held as it begins instead. */
    holdsHalfSeconds?: boolean;
  }
}

/**
 * Runs in each page. For half a second after each new part some buttons take no touch: in real time, which is no part of a
 * test's time, and most of what a test would wait for.
 */
function endHalfSeconds(): void {
  const animate = Element.prototype.animate;
  Element.prototype.animate = function (...how) {
    const animation = animate.apply(this, how);
    if (window.holdsHalfSeconds) animation.pause();
    else animation.finish();
    return animation;
  };
}

function readRequest(frame: string): string | undefined {
  return (JSON.parse(frame) as { request?: string }).request;
}

/** Waits for what a server that is there does. Without one nothing comes, and whoever tests that looks by themselves. */
export async function waitBriefly(condition: () => boolean, within = ANSWERED_WITHIN): Promise<void> {
  const end = performance.now() + within;
  while (!condition() && performance.now() < end) await setTimeout(LOOK_EVERY);
}
