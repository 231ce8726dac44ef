// A soft bell and a short vibration, off until chosen. Never the only sign of anything.
import { effect, type ReadonlySignal } from '@preact/signals';

/** The part of an `AudioContext` that is used. */
export type Audio = Pick<
  AudioContext,
  'state' | 'currentTime' | 'destination' | 'resume' | 'suspend' | 'createOscillator' | 'createGain'
>;

/** What it is made from. */
export interface SoundParts {
  /** Opens the device's audio; absent where there is none. */
  readonly openAudio?: (() => Audio) | undefined;
  /** Vibrates; absent where the device cannot. */
  readonly vibrate?: ((pattern: number[]) => void) | undefined;
  /** Whether it is chosen. */
  readonly chosen: ReadonlySignal<boolean>;
  /** Calls at each press on the page, inside it; the answer ends that. */
  readonly watchPresses: (press: () => void) => () => void;
}

/** The bell. */
export interface Bell {
  /** Rings once, if chosen. */
  ring(): void;
}

// A low bell: its partials, how loud each is, and how long it sounds, in seconds.
const partials = [
  { frequency: 392, loudness: 0.12, length: 2.4 },
  { frequency: 784, loudness: 0.05, length: 1.6 },
  { frequency: 1_057, loudness: 0.02, length: 0.9 },
] as const;

function strike(audio: Audio): void {
  const start = audio.currentTime + 0.02;
  for (const { frequency, loudness, length } of partials) {
    const tone = audio.createOscillator();
    const level = audio.createGain();
    tone.frequency.value = frequency;
    level.gain.setValueAtTime(0, start);
    level.gain.linearRampToValueAtTime(loudness, start + 0.03);
    level.gain.exponentialRampToValueAtTime(0.0001, start + length);
    tone.connect(level).connect(audio.destination);
    tone.start(start);
    tone.stop(start + length);
  }
}

/** Makes the bell. */
export function createBell({ openAudio, vibrate, chosen, watchPresses }: SoundParts): Bell {
  let audio: Audio | undefined;
  const wakeUp = async () => {
    audio ??= openAudio?.();
    if (audio && audio.state !== 'running') await audio.resume();
  };
  effect(() => {
    // Open audio costs a phone its battery.
    if (!chosen.value) return void audio?.suspend().catch(() => {});
    // Browsers let no page sound before a press, and take it away with a call.
    return watchPresses(() => {
      wakeUp().catch(() => {});
    });
  });
  return {
    ring() {
      if (!chosen.peek()) return;
      vibrate?.([120]);
      wakeUp()
        .then(() => audio && strike(audio))
        .catch(() => {});
    },
  };
}
