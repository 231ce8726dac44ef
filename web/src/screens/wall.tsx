// A screen on the wall: the part and its time, to be read from eight metres. No control but one.
import '../styles/wall.css';
import { useSignal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo } from 'preact/hooks';
import { page, settings } from '../app';
import { browserParts, keepScreenOn } from '../kit/browser';
import { buildDisplayLink, type DisplayLink } from '../kit/link';
import { endOf, type Light, lightOf, type PhaseTime } from '../kit/state';
import { createWall, runningOn, type Wall as WallPage } from '../kit/wall';
import { display as text } from '../locales/display';
import { words } from '../locales/session';
import { Button } from '../parts/Button';
import { ClockWords } from '../parts/ClockWords';
import { Disc } from '../parts/Disc';
import { Moon, Shine } from '../parts/Moon';
import { Qr } from '../parts/Qr';
import type { DisplayView } from '../protocol';
import { Agenda } from './agenda';
import { clockTime, longDate } from './dates';
import { Frame } from './frame';
import { findMethod } from './methods';
import { WALL } from './route';
import { wallNext, wallText } from './wall-words';

/** The pointer and the control go after the mouse has rested for this long. */
const HIDES_AFTER = 3_000;

interface WallProps {
  readonly link: DisplayLink;
  /** The tab has shown it before: a reload goes on without a press. */
  readonly goesOn: boolean;
}

/** The page of a display link. Opening it opens no socket: scanners open links too. */
export function Wall({ link, goesOn }: WallProps) {
  const shows = useSignal(goesOn);
  // The same link, pasted into the address bar once more, is a new opening.
  useLayoutEffect(() => {
    shows.value = goesOn;
  }, [link]);
  if (shows.value) return <Shown link={link} />;
  const { ask } = text;
  const show = () => {
    page.stores.tab.setItem(WALL, buildDisplayLink('', link));
    shows.value = true;
  };
  return (
    <Frame>
      <main>
        <h1>{ask.heading}</h1>
        <p class="lead">{ask.lead}</p>
        <p class="hint">{ask.hint}</p>
        <p class="act">
          <Button look="filled" wide onPress={show}>
            {ask.button}
          </Button>
        </p>
      </main>
    </Frame>
  );
}

function Shown({ link }: { readonly link: DisplayLink }) {
  const wall = useMemo(() => createWall(link, browserParts()), [link]);
  const wish = useSignal(true);
  useEffect(() => {
    wall.start();
    const awake = keepScreenOn(wish);
    const root = document.documentElement.dataset;
    // A wall is dark unless this device was set otherwise.
    if (settings.theme.peek() === 'device') root.theme = 'dark';
    return () => {
      awake.stop();
      wall.stop();
      if (settings.theme.peek() === 'device') delete root.theme;
    };
  }, [wall]);
  const { value: display } = wall.display;
  const { value: connection } = wall.connection;
  const running = runningOn(display);
  const over = connection.type === 'closed';
  const light = lightOn(over, display);
  useEffect(() => {
    if (light) document.documentElement.dataset.position = light;
    wish.value = !over;
  }, [light, over]);
  useEffect(() => {
    // What shows nothing any more is not opened again by a reload.
    if (over) page.stores.tab.removeItem(WALL);
  }, [over]);
  if (connection.type === 'closed') return <Over reason={connection.reason} />;
  return (
    <div class={running?.floor === 'none' ? 'wall wall-still' : 'wall'}>
      {display ? <Screen wall={wall} display={display} /> : <Waiting wall={wall} />}
      <Foot wall={wall} display={display} />
      <FullScreen />
    </div>
  );
}

/** The room's light: that of everyone who does not present. Null while nothing is known. */
function lightOn(over: boolean, display: DisplayView | null): Light | null {
  if (over || display?.stage.type === 'closed') return 'closed';
  const running = runningOn(display);
  return display && (running ? lightOf(display.plan, running.phase, false) : 'arriving');
}

interface ScreenProps {
  readonly wall: WallPage;
  readonly display: DisplayView;
}

function Screen({ wall, display }: ScreenProps) {
  switch (display.stage.type) {
    case 'lobby':
      return <LobbyScreen wall={wall} display={display} />;
    case 'running':
      return <RunningScreen wall={wall} display={display} />;
    case 'closed':
      return <Said heading={text.closed.heading} lead={text.closed.lead} />;
  }
}

interface SaidProps {
  readonly heading: string;
  readonly lead: string;
  /** What it belongs to, above it. */
  readonly small?: string;
}

function Said({ heading, lead, small }: SaidProps) {
  return (
    <main class="wall-said">
      <h1>
        {small !== undefined && (
          <small>
            {small}
            <span class="vh">: </span>
          </small>
        )}
        {heading}
      </h1>
      <p class="lead">{lead}</p>
    </main>
  );
}

function Waiting({ wall }: { readonly wall: WallPage }) {
  const waits = wall.connection.value.type === 'waiting';
  return <Said heading={text.connecting} lead={waits ? text.full : ''} />;
}

function Over({ reason }: { readonly reason: string }) {
  if (reason === 'reload') {
    return (
      <div class="wall">
        <Said heading={text.reload.heading} lead={text.reload.lead} />
        <p class="wall-control">
          <Button onPress={() => window.location.reload()}>{text.reload.button}</Button>
        </p>
      </div>
    );
  }
  const { heading, lead } = reason === 'ended' ? text.closed : text.ended;
  return (
    <div class="wall">
      <Said heading={heading} lead={lead} />
    </div>
  );
}

/** Before the start: what we wait for, and by choice the way in; between two cases which comes next. */
function LobbyScreen({ wall, display }: ScreenProps) {
  const { lobby } = text;
  const { stage } = display;
  if (stage.type !== 'lobby') return null;
  if (stage.between) {
    const { nth, lead, presents } = text.between;
    const { presenter } = wall.names.value;
    const next = presenter === null ? lead : presents(presenter);
    return <Said small={text.between.small} heading={nth(stage.between.cases + 1)} lead={next} />;
  }
  const link = wall.joining.value;
  const planned = stage.plannedFor === undefined ? null : wall.clock.toDevice(stage.plannedFor);
  const shown = stage.joining?.code;
  const code = shown && shown.until > wall.now.value ? shown.code : null;
  const lead = planned === null ? lobby.lead : lobby.planned(longDate(planned), clockTime(planned));
  if (link === null) return <Said heading={lobby.heading} lead={lead} />;
  return (
    <>
      <header>
        <h1>{lobby.heading}</h1>
      </header>
      <main class="wall-lobby">
        <Qr text={link} label={lobby.code} />
        <div>
          <p class="lead">{lobby.scan}</p>
          {code !== null && (
            <>
              <p class="unit">{lobby.type(window.location.host)}</p>
              <p class="wall-code">{code}</p>
            </>
          )}
        </div>
      </main>
    </>
  );
}

function RunningScreen({ wall, display }: ScreenProps) {
  const running = runningOn(display);
  const time = wall.time.value;
  if (!running || !time) return <Waiting wall={wall} />;
  const { plan } = display;
  const method = findMethod(plan.method);
  const { heading, lead } = wallText(plan, method, running, wall.names.value, time.state);
  return (
    <>
      <header>
        <h1>{heading}</h1>
        <Agenda of={display} method={method} />
      </header>
      {running.floor === 'none' ? <Still time={time} lead={lead} /> : <Clock time={time} lead={lead} />}
    </>
  );
}

interface TimeProps {
  readonly time: PhaseTime;
  readonly lead: string;
}

function Clock({ time, lead }: TimeProps) {
  return (
    <main>
      <Disc time={time} />
      <div>
        <ClockWords time={time} words={words.clock} hidden={false} />
        <p class="lead">{lead}</p>
      </div>
    </main>
  );
}

/** Nobody speaks: still water, and the minutes on it. */
function Still({ time, lead }: TimeProps) {
  return (
    <main>
      <p class="lead">{lead}</p>
      <Moon time={time} />
      <div class="water">
        <Shine time={time} />
        <ClockWords time={time} words={words.clock} plain hidden={false} />
      </div>
    </main>
  );
}

/** What comes next and when we end; or that the connection is lost, while the time stays right. */
function Foot({ wall, display }: { readonly wall: WallPage; readonly display: DisplayView | null }) {
  const running = runningOn(display);
  if (display && wall.connection.value.type === 'waiting') {
    return (
      <footer>
        <p role="status">{text.reconnecting}</p>
      </footer>
    );
  }
  if (!display || !running) return page.exposed ? <Exposed /> : null;
  const end = clockTime(wall.clock.toDevice(endOf(running, wall.now.value)));
  return (
    <footer>
      <p>{wallNext(display.plan, findMethod(display.plan.method), running)}</p>
      <p>{text.ends(end)}</p>
      {page.exposed && <Exposed />}
    </footer>
  );
}

/** Whoever stands at the screen reads it; it is no matter for the back row. */
function Exposed() {
  return <p class="wall-near">{words.exposed}</p>;
}

/** The one control. It goes with the pointer, and is there for the keyboard. */
function FullScreen() {
  const rests = useSignal(true);
  const full = useSignal(document.fullscreenElement !== null);
  useEffect(() => {
    let timer = 0;
    const ending = new AbortController();
    const { signal } = ending;
    const move = () => {
      rests.value = false;
      clearTimeout(timer);
      timer = window.setTimeout(() => {
        rests.value = true;
      }, HIDES_AFTER);
    };
    window.addEventListener('pointermove', move, { signal });
    window.addEventListener('pointerdown', move, { signal });
    document.addEventListener('fullscreenchange', () => (full.value = document.fullscreenElement !== null), {
      signal,
    });
    return () => {
      clearTimeout(timer);
      ending.abort();
    };
  }, []);
  const root = document.documentElement;
  useEffect(() => {
    root.toggleAttribute('data-rests', rests.value);
    return () => root.removeAttribute('data-rests');
  }, [rests.value]);
  if (!document.fullscreenEnabled) return null;
  const turn = () => {
    const turned = full.peek() ? document.exitFullscreen() : root.requestFullscreen();
    turned.catch(() => {});
  };
  return (
    <p class="wall-control">
      <Button look="plain" onPress={turn}>
        {full.value ? text.leaveFullScreen : text.fullScreen}
      </Button>
    </p>
  );
}
