// A group of people on one stage, and the tests' way to it. Time stands still for all of them until it is moved, and
// then moves for the server and every page together.
import { type Browser, test as base, expect, type Locator } from '@playwright/test';
import { type Device, Person, waitBriefly } from './person.ts';
import { Stage } from './stage.ts';

/** Pages ask every ten seconds and take twenty-five without an answer for a loss. */
const LONGEST_STEP = 24_000;

/** A page that has just woken takes five. */
const FIRST_STEP = 4_000;

/** A view is on its way for some fifty milliseconds, in real time, and longer on a busy machine. */
const EVEN_WITHIN = 500;

/** Two frames and a half. */
const FRAMES = 40;

const MINUTE = 60_000;

/** The names of the people of a group; the first facilitates. */
export const NAMES = ['Mary', 'Ruth', 'Ada', 'Ben', 'Dev', 'Joel'] as const;

/** What is chosen at set-up beside the name. */
export interface Plan {
  /** The name of another method than the default. */
  readonly method?: string;
  readonly firm?: boolean;
  readonly arrival?: boolean;
  readonly closingRound?: boolean;
  /** Everyone in one room instead of a call. */
  readonly room?: boolean;
  /** Minutes by the title of a phase, as its field is called. */
  readonly minutes?: Readonly<Record<string, number>>;
}

/** People on one stage. */
export class Group {
  readonly people: Person[] = [];
  /** The link of the session that was set up last. */
  link = '';
  /** Complaints that a test expects, such as those of a browser without a network. */
  readonly expected: RegExp[] = [];

  constructor(
    readonly browser: Browser,
    readonly stage: Stage,
  ) {}

  /** Somebody with a browser comes. */
  async arrive(name: string, device?: Device): Promise<Person> {
    const person = await Person.arrive(this.browser, this.stage, name, device);
    this.people.push(person);
    return person;
  }

  /** Somebody goes, with the browser. */
  async dismiss(person: Person): Promise<void> {
    await person.context.close();
    this.people.splice(this.people.indexOf(person), 1);
  }

  /** Lets time pass for everyone. It is one step of the report: the test tool looks through all before each new one. */
  pass(milliseconds: number, step = LONGEST_STEP): Promise<void> {
    return base.step(`${milliseconds} ms pass`, async () => {
      let left = milliseconds;
      while (left > 0) {
        const length = Math.min(left, step, left === milliseconds ? FIRST_STEP : step);
        await this.stage.advance(length);
        await Promise.all(this.people.map((person) => person.move(length)));
        left -= length;
      }
    });
  }

  /** Ends the server as a loss of power would, and waits until every browser has noticed. */
  async loseServer(): Promise<void> {
    await this.stage.kill();
    await waitBriefly(() => this.people.every(({ watch }) => watch.open === 0));
    await Promise.all(this.people.map(({ page }) => page.evaluate(() => null)));
  }

  /** Stops the server in order and starts it again, and waits until every browser has noticed the stop. */
  async restartServer(): Promise<void> {
    const before = this.people.map(({ watch }) => watch.closed);
    await this.stage.restart();
    await waitBriefly(() => this.people.every(({ watch }, index) => watch.closed !== before[index]));
  }

  /** Lets time pass for the pages while there is no server. */
  async passWithoutServer(milliseconds: number): Promise<void> {
    this.stage.now += milliseconds;
    for (let left = milliseconds; left > 0; left -= 1_000) {
      await Promise.all(this.people.map((person) => person.move(Math.min(left, 1_000))));
    }
  }

  /** Lets minutes pass for everyone. */
  passMinutes(minutes: number): Promise<void> {
    return this.pass(minutes * MINUTE);
  }

  /** Lets pages do what they put off to the next frame: some hundredths of a second. */
  async breathe(): Promise<void> {
    await this.areEven();
    if (this.stage.isUp) await this.stage.advance(FRAMES);
    else this.stage.now += FRAMES;
    await Promise.all(this.people.map((person) => person.moveFrames(FRAMES)));
  }

  /** Waits until something stands on a page. What comes late may need a frame more to appear. */
  async appears(locator: Locator): Promise<void> {
    for (let look = 0; look < 100; look += 1) {
      const shown = await locator.waitFor({ timeout: 100 }).then(
        () => true,
        () => false,
      );
      if (shown) return;
      await this.breathe();
    }
    await expect(locator).toBeVisible();
  }

  /** Somebody presses a button, and pages do what follows. */
  press(person: Person, name: string | RegExp): Promise<void> {
    return base.step(`${person.name} presses ${name}`, async () => {
      await this.appears(person.button(name));
      await person.press(name);
      await person.isAnswered();
      await this.isTold(person);
      await this.breathe();
    });
  }

  /** Waits until everyone of a person's session with a socket was shown what was accepted from that person. */
  async isTold({ watch: { session, accepted } }: Person): Promise<void> {
    const others = this.people.filter(({ watch }) => watch.open > 0 && watch.session === session);
    await waitBriefly(() => others.every(({ watch }) => watch.open === 0 || watch.revision >= accepted));
  }

  /** Waits until nobody was shown less of a session than others have been. Whoever is cut off holds it up for a moment. */
  async areEven(): Promise<void> {
    const open = this.people.filter(({ watch }) => watch.open > 0 && watch.revision > 0);
    const isBehind = ({ watch }: Person) =>
      watch.open > 0 &&
      open.some(({ watch: other }) => other.session === watch.session && other.revision > watch.revision);
    await waitBriefly(() => !open.some(isBehind), EVEN_WITHIN);
  }

  /** Waits until nothing is on its way to a person's screen. */
  async isAtRest(person: Person): Promise<void> {
    await person.isAnswered();
    await this.isTold(person);
    await person.isDrawn();
    await this.breathe();
  }

  /** Lets time pass until something holds, at most a minute of it. */
  async until(condition: () => Promise<boolean>, what: string): Promise<void> {
    for (let step = 0; step < 120; step += 1) {
      if (await condition()) return;
      await this.pass(500);
    }
    expect(await condition(), what).toBe(true);
  }

  /** Sets up a session, and leaves its link in `link`. */
  async setUp(name: string, plan: Plan = {}, device?: Device): Promise<Person> {
    const person = await this.arrive(name, device);
    const { page } = person;
    await person.open('/');
    await page.getByRole('link', { name: 'Set up a session' }).click();
    if (plan.room) await page.getByLabel('In one room').check();
    if (plan.method) await this.chooseMethod(person, plan.method);
    if (plan.arrival || plan.closingRound || plan.minutes)
      await page.getByText('Change the parts or the minutes').click();
    if (plan.arrival) await page.getByLabel('With the arrival').check();
    if (plan.closingRound) await page.getByLabel('With the closing round').check();
    for (const [part, minutes] of Object.entries(plan.minutes ?? {})) {
      await page.getByLabel(`Minutes for ${part}`).fill(String(minutes));
    }
    if (plan.firm) {
      await page.getByText('When the time of a part is up').first().click();
      await page.getByLabel('The next part begins by itself').check();
    }
    await this.create(person);
    return person;
  }

  /** Creates the session that is set up, and leaves its link in `link`. */
  async create(person: Person): Promise<void> {
    await person.page.getByLabel('Your name').fill(person.name);
    await person.press('Create the session');
    await person.sees(/Before we start/u);
    await this.breathe();
    this.link = await this.copyLink(person);
  }

  /** Takes another method at set-up. */
  async chooseMethod(person: Person, name: string): Promise<void> {
    await this.press(person, 'Choose another method');
    await this.press(person, name);
    await expect(person.page.getByRole('heading', { name })).toBeVisible();
  }

  /** Gives a role of the method to somebody, in the lobby. */
  async giveRole(facilitator: Person, role: string, name: string): Promise<void> {
    await this.press(facilitator, 'Who has which role?');
    await this.press(facilitator, role);
    await this.press(facilitator, name);
    await this.press(facilitator, 'Done');
    await expect(facilitator.page.locator('dialog[open]')).toHaveCount(0);
  }

  /** The link, as its button copies it. */
  async copyLink(person: Person): Promise<string> {
    // To grant some is to refuse all others.
    await person.context.grantPermissions(['clipboard-read', 'clipboard-write', 'screen-wake-lock']);
    await this.press(person, 'Copy the link');
    await expect(person.page.getByText('The link is copied.')).toBeVisible();
    return person.page.evaluate(() => navigator.clipboard.readText());
  }

  /** Somebody comes by the link and agrees. */
  async join(name: string, device?: Device): Promise<Person> {
    const person = await this.arrive(name, device);
    await person.join(this.link);
    await this.press(person, 'I agree');
    await expect(person.button('I agree')).toHaveCount(0);
    return person;
  }

  /** A group in the lobby: everyone has agreed, and nobody presents yet. */
  async gather(size: number, plan: Plan = {}): Promise<Person[]> {
    const [first = 'Mary', ...names] = NAMES.slice(0, size);
    const host = await this.setUp(first, plan);
    const others = await Promise.all(
      names.map(async (name) => {
        const person = await this.arrive(name);
        await person.fillIn(this.link);
        return person;
      }),
    );
    this.people.splice(0, this.people.length, host, ...others);
    // One after another, so that seats are in the order of names.
    for (const person of others) await person.enter();
    await Promise.all(others.map((person) => person.press('I agree')));
    await this.breathe();
    for (const person of others) await expect(person.button('I agree')).toHaveCount(0);
    return this.people;
  }

  /** Chooses who presents, in the lobby. */
  async choosePresenter(facilitator: Person, name: string): Promise<void> {
    await this.press(facilitator, /^(Choose|Change) who presents$/u);
    await this.press(facilitator, name === facilitator.name ? `${name} (you)` : name);
    await expect(facilitator.page.locator('dialog[open]')).toHaveCount(0);
  }

  /** A group whose first phase runs: the first facilitates, the second presents. */
  async begin(size: number, plan: Plan = {}): Promise<Person[]> {
    const people = await this.gather(size, plan);
    const [mary, ruth] = people;
    if (!mary || !ruth) throw new Error('a group that begins has at least two people');
    await this.choosePresenter(mary, ruth.name);
    await this.press(mary, /^Begin/u);
    for (const person of people) {
      await expect(person.page.getByRole('timer')).toBeVisible();
      await person.isDrawn();
    }
    return people;
  }

  /** Moves on and waits until everyone is there. */
  moveOn(facilitator: Person): Promise<void> {
    return base.step(`${facilitator.name} moves on`, async () => {
      const before = this.people.map(visitOf);
      await this.press(facilitator, /^(Move on|Close the session)/u);
      for (const [index, person] of this.people.entries()) {
        await expect.poll(() => visitOf(person), `${person.name} is told`).not.toBe(before[index]);
        await expect(person.page.getByRole('timer').or(person.button('Print'))).toBeVisible();
        await person.isDrawn();
      }
    });
  }

  /** What must be true of every test: nobody else was asked for anything, and nothing complained. */
  async checkAll(): Promise<void> {
    const { host } = new URL(this.stage.address);
    for (const { name, watch, context } of this.people) {
      const strangers = watch.requests
        .map((request) => new URL(request.url()))
        .filter((url) => ['http:', 'https:', 'ws:', 'wss:'].includes(url.protocol) && url.host !== host);
      expect(strangers, `SCREEN-17 requests of ${name} to others`).toEqual([]);
      const known = [CLOSING, ...this.expected];
      const unexpected = watch.complaints.filter((text) => !known.some((pattern) => pattern.test(text)));
      expect(unexpected, `complaints in the browser of ${name}`).toEqual([]);
      for (const page of context.pages()) {
        const violations = await page.evaluate(() => window.seen?.violations ?? []);
        expect(violations, `reports of the content security policy to ${name}`).toEqual([]);
      }
    }
  }
}

/** Which visit this person's page knows of. */
function visitOf(person: Person): number {
  const { stage } = person.readView();
  return stage.type === 'running' ? stage.moment.visit : -1;
}

/** What Chromium says when a page speaks just while the server closes, as it does ten seconds after the end. */
const CLOSING = /WebSocket is already in CLOSING or CLOSED state/u;

/** What Chromium says about a connection that is gone. */
export const LOST_CONNECTION = /WebSocket connection to|net::ERR_|Failed to load resource/u;

/** A test with a stage of its own, and a group on it. */
export const test = base.extend<{ stage: Stage; group: Group }>({
  stage: async ({ browser: _ }, use) => {
    const stage = await Stage.open();
    await use(stage);
    await stage.close();
  },
  group: async ({ browser, stage }, use, info) => {
    const group = new Group(browser, stage);
    await use(group);
    try {
      if (info.status === info.expectedStatus) await group.checkAll();
    } finally {
      await Promise.all(group.people.map((person) => person.context.close()));
    }
  },
});

export { expect };
