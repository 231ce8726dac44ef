// What the tests see of a browser from outside: every request, every frame of a socket, every complaint.
import type { BrowserContext, Page, Request, WebSocket as Socket } from '@playwright/test';

/** All that one browser did. */
export class Watch {
  /** Addresses that were asked for, with method and what was sent. */
  readonly requests: Request[] = [];
  /** Frames of all sockets, both ways. */
  readonly frames: string[] = [];
  /** Lines of the console. */
  readonly console: string[] = [];
  /** Errors and warnings of the console, and errors that nothing caught. */
  readonly complaints: string[] = [];
  /** How many sockets were opened. */
  sockets = 0;
  /** How many of them are open. */
  open = 0;
  /** How many of them were closed. */
  closed = 0;
  /** How many requests have no answer yet. */
  loading = 0;
  /** Pings without a pong, of each open socket that sent any. */
  readonly #pings = new Map<Socket, number>();
  /** The session that this browser is in; empty before one. */
  session = '';
  /** The newest revision of it that this browser was shown. */
  revision = 0;
  /** The revision at which this browser's newest command was accepted. */
  accepted = 0;

  /** Whether a pong is on its way to an open socket, or lost. */
  get awaitsPong(): boolean {
    return [...this.#pings.values()].some((count) => count > 0);
  }

  /** Watches all pages of a browser, those to come too. */
  follow(context: BrowserContext): void {
    context.on('request', (request) => {
      this.requests.push(request);
      this.loading += 1;
    });
    const isLoaded = () => {
      this.loading -= 1;
    };
    context.on('requestfinished', isLoaded);
    context.on('requestfailed', isLoaded);
    context.on('console', (message) => {
      this.console.push(message.text());
      if (['error', 'warning', 'assert'].includes(message.type())) this.complaints.push(message.text());
    });
    context.on('weberror', (error) => this.complaints.push(String(error.error())));
    context.on('page', (page) => this.#followPage(page));
  }

  #followPage(page: Page): void {
    const open = new Set<Socket>();
    const close = (socket: Socket) => {
      if (!open.delete(socket)) return;
      this.#pings.delete(socket);
      this.open -= 1;
      this.closed += 1;
    };
    page.on('close', () => {
      for (const socket of open) close(socket);
    });
    page.on('websocket', (socket) => {
      this.sockets += 1;
      this.open += 1;
      open.add(socket);
      socket.on('close', () => close(socket));
      this.frames.push(socket.url());
      const count = (frame: string, type: string, step: number) => {
        if (frame.startsWith(`{"type":"${type}"`) && open.has(socket))
          this.#pings.set(socket, (this.#pings.get(socket) ?? 0) + step);
      };
      socket.on('framesent', ({ payload }) => {
        const frame = payload.toString();
        count(frame, 'ping', 1);
        this.frames.push(frame);
      });
      socket.on('framereceived', ({ payload }) => {
        const frame = payload.toString();
        count(frame, 'pong', -1);
        this.#receive(frame);
      });
    });
  }

  #receive(frame: string): void {
    this.frames.push(frame);
    const type = /^\{"type":"(\w+)"/u.exec(frame)?.[1];
    if (type === 'welcome') this.session = /"session":"([^"]+)"/u.exec(frame)?.[1] ?? '';
    const revision = Number(/"revision":(\d+)/u.exec(frame)?.[1]);
    if (type === 'accepted') this.accepted = revision;
    if (type === 'welcome' || type === 'view') this.revision = revision;
  }
}

/** What is seen inside of each page. */
declare global {
  interface Window {
    readonly seen: {
      /** Reports of the content security policy. */
      readonly violations: string[];
      /** What the live regions said, in order. */
      readonly said: string[];
      /** The browser's own timer, where the page's stands still. */
      readonly setTimeout: typeof setTimeout;
      /** Resolves when every ping on an open socket has its pong. */
      settle(): Promise<void>;
    };
  }
}

/** Runs in each page before its own scripts and before its time is taken over. It observes and changes nothing. */
export function observe(): void {
  // Frames of other documents, about:blank before the first page.
  if (!window.location.protocol.startsWith('http')) return;
  const violations: string[] = [];
  const said: string[] = [];
  const waiting = new Map<WebSocket, number>();
  let settled: (() => void)[] = [];
  const look = () => {
    const open = [...waiting].some(([socket, count]) => count > 0 && socket.readyState === WebSocket.OPEN);
    if (open && navigator.onLine) return;
    for (const settle of settled) settle();
    settled = [];
  };
  document.addEventListener('securitypolicyviolation', (event) => {
    violations.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`);
  });
  const send = WebSocket.prototype.send;
  WebSocket.prototype.send = function (this: WebSocket, data) {
    if (!waiting.has(this)) {
      waiting.set(this, 0);
      this.addEventListener('message', ({ data: text }) => {
        if (String(text).startsWith('{"type":"pong"')) waiting.set(this, (waiting.get(this) ?? 0) - 1);
        // After the page's own handlers.
        queueMicrotask(look);
      });
      this.addEventListener('close', () => queueMicrotask(look));
    }
    if (String(data).startsWith('{"type":"ping"')) waiting.set(this, (waiting.get(this) ?? 0) + 1);
    send.call(this, data);
  };
  document.addEventListener('DOMContentLoaded', () => {
    for (const region of document.querySelectorAll('[aria-live]')) {
      const mark = region.getAttribute('aria-live') === 'assertive' ? '! ' : '';
      new MutationObserver(() => {
        const text = region.textContent?.trim();
        if (text) said.push(mark + text);
      }).observe(region, { childList: true, characterData: true, subtree: true });
    }
  });
  Object.defineProperty(window, 'seen', {
    value: {
      violations,
      said,
      setTimeout: window.setTimeout.bind(window),
      settle: () =>
        new Promise<void>((done) => {
          settled.push(done);
          look();
        }),
    },
  });
}
