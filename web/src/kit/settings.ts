// What a person chooses for themselves on this device. Kept on it, and told to nobody.
import { batch, computed, effect, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Store } from './storage';

/** Light or dark. */
export type Theme = 'device' | 'light' | 'dark';
/** How strong the colours are. */
export type Contrast = 'device' | 'normal' | 'more';
/** How large the text is. */
export type TextSize = 'normal' | 'large' | 'larger';

/** How much is said to a screen reader. */
export type Speech = 'all' | 'less';

/** The choices. Writing to one keeps it. */
export interface Settings {
  /** Whether the number beside the disc is hidden. */
  readonly numberHidden: Signal<boolean>;
  /** Whether the bell and the vibration are on. */
  readonly sound: Signal<boolean>;
  readonly theme: Signal<Theme>;
  readonly contrast: Signal<Contrast>;
  readonly textSize: Signal<TextSize>;
  readonly speech: Signal<Speech>;
  /** The name used last, to fill in the next time. Empty on a device of somebody else. */
  readonly lastName: Signal<string>;
  /** Whether colours are strong now, by choice or by the device. */
  readonly strong: ReadonlySignal<boolean>;
  /** Takes every choice back, and keeps none. */
  forget(): void;
}

const KEY = 'attune.settings';

function oneOf<Value extends string>(value: unknown, values: readonly [Value, ...Value[]]): Value {
  return values.find((known) => known === value) ?? values[0];
}

function readAll(store: Store): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(store.getItem(KEY) ?? '{}');
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

/** Reads the choices and keeps them as they change. `wantsMore` tells whether the device asks for more contrast. */
export function createSettings(store: Store, wantsMore: ReadonlySignal<boolean>): Settings {
  const kept = readAll(store);
  const numberHidden = signal(kept.numberHidden === true);
  const sound = signal(kept.sound === true);
  const theme = signal<Theme>(oneOf(kept.theme, ['device', 'light', 'dark']));
  const contrast = signal<Contrast>(oneOf(kept.contrast, ['device', 'normal', 'more']));
  const textSize = signal<TextSize>(oneOf(kept.textSize, ['normal', 'large', 'larger']));
  const speech = signal<Speech>(oneOf(kept.speech, ['all', 'less']));
  const lastName = signal(typeof kept.lastName === 'string' ? kept.lastName : '');
  const strong = computed(
    () => contrast.value === 'more' || (contrast.value === 'device' && wantsMore.value),
  );
  let opened = false;
  effect(() => {
    const choices = JSON.stringify({
      numberHidden: numberHidden.value,
      sound: sound.value,
      theme: theme.value,
      contrast: contrast.value,
      textSize: textSize.value,
      speech: speech.value,
      lastName: lastName.value,
    });
    try {
      if (opened) store.setItem(KEY, choices);
    } catch {
      // A full store: the choice lasts as long as the page does.
    }
    opened = true;
  });
  const forget = () => {
    batch(() => {
      numberHidden.value = sound.value = false;
      theme.value = contrast.value = 'device';
      textSize.value = 'normal';
      speech.value = 'all';
      lastName.value = '';
    });
    store.removeItem(KEY);
  };
  return { numberHidden, sound, theme, contrast, textSize, speech, lastName, strong, forget };
}

/** Puts the choices on the page's root, where the styles look. The answer ends it. */
export function applySettings(settings: Settings, root: HTMLElement): () => void {
  return effect(() => {
    const { theme, textSize, strong } = settings;
    const put = (name: string, value: string | null) => {
      if (value === null) delete root.dataset[name];
      else root.dataset[name] = value;
    };
    put('theme', theme.value === 'device' ? null : theme.value);
    put('contrast', strong.value ? 'more' : null);
    put('text', textSize.value === 'normal' ? null : textSize.value);
  });
}
