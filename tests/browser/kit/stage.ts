// The stage: the real server in a process of its own, with session time that is moved by hand.
import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

/** When session time begins: a Monday in December, ten to three in London. */
export const START = Date.UTC(2026, 11, 21, 14, 50);

interface Answer {
  readonly type: string;
  readonly address: string;
  readonly now: number;
}

const target = process.env.CARGO_TARGET_DIR ?? resolve(import.meta.dirname, '../../../target');
const program = join(target, 'debug', 'stage');

/** A server on its own port with its own data. */
export class Stage {
  /** Where pages are found. */
  address = '';
  /** Session time in ms. */
  now = START;
  /** All that the server wrote to its log, in every life. */
  log = '';

  readonly #asked: readonly string[];
  readonly #data = mkdtempSync(join(tmpdir(), 'attune-stage-'));
  #process: ChildProcessByStdio<Writable, Readable, Readable> | undefined;
  #waiting: ((answer: Answer) => void)[] = [];
  #broken: Error | undefined;

  private constructor(asked: readonly string[]) {
    this.#asked = asked;
  }

  /** Starts a server with nothing stored, and what a test asks of it. */
  static async open(asked: readonly string[] = []): Promise<Stage> {
    const stage = new Stage(asked);
    await stage.start();
    return stage;
  }

  /** Starts the server on the data, and on the port that it had before. */
  async start(): Promise<void> {
    const listen = this.address === '' ? '127.0.0.1:0' : new URL(this.address).host;
    const flags = ['--data', this.#data, '--listen', listen, '--now', String(this.now), ...this.#asked];
    const child = spawn(program, flags, { stdio: ['pipe', 'pipe', 'pipe'] });
    this.#process = child;
    const ready = this.#nextAnswer();
    child.on('error', (error) => this.#fail(error));
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      this.log += text;
    });
    createInterface({ input: child.stdout }).on('line', (line) => {
      this.#waiting.shift()?.(JSON.parse(line) as Answer);
    });
    child.on('exit', (code, signal) => {
      if (code !== 0 && signal !== 'SIGKILL')
        this.#fail(new Error(`the stage ended with ${code}: ${this.log.slice(-2000)}`));
    });
    this.address = `http://${(await ready).address}`;
  }

  /** Whether there is a server. */
  get isUp(): boolean {
    const child = this.#process;
    return child !== undefined && child.exitCode === null && child.signalCode === null;
  }

  /** Moves session time on; pages are moved by `Group.pass`. */
  async advance(milliseconds: number): Promise<void> {
    this.now = (await this.#order(`advance ${milliseconds}`)).now;
  }

  /** Stops the server in order and starts it on the same data and port. */
  async restart(): Promise<void> {
    await this.#order('restart');
  }

  /** Holds the server still while `work` goes on: whoever acts meanwhile acts at one moment, before anybody is told. */
  async holdStill(work: () => Promise<unknown>): Promise<void> {
    this.#process?.kill('SIGSTOP');
    try {
      await work();
    } finally {
      this.#process?.kill('SIGCONT');
    }
  }

  /** Ends the server as a loss of power would. */
  async kill(): Promise<void> {
    const child = this.#process;
    if (!child || !this.isUp) return;
    const gone = new Promise((done) => child.once('exit', done));
    child.kill('SIGKILL');
    await gone;
  }

  /** The data folder's files, with what they hold. */
  readFiles(): { readonly name: string; readonly bytes: Buffer }[] {
    const files = readdirSync(this.#data, { recursive: true, withFileTypes: true }).filter((file) =>
      file.isFile(),
    );
    return files.map((file) => {
      const path = join(file.parentPath, file.name);
      return { name: path, bytes: readFileSync(path) };
    });
  }

  /** Ends the server and removes its data. */
  async close(): Promise<void> {
    await this.kill();
    rmSync(this.#data, { recursive: true, force: true });
  }

  #order(order: string): Promise<Answer> {
    if (!this.isUp) return Promise.reject(new Error(`there is no server to ${order}`));
    const answer = this.#nextAnswer();
    this.#process?.stdin.write(`${order}\n`);
    return answer;
  }

  #nextAnswer(): Promise<Answer> {
    if (this.#broken) return Promise.reject(this.#broken);
    return new Promise((settle, fail) => {
      this.#waiting.push(settle);
      this.#onBroken = fail;
    });
  }

  #onBroken: (error: Error) => void = () => {};

  #fail(error: Error): void {
    this.#broken = error;
    this.#onBroken(error);
  }
}
