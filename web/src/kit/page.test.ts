import { signal } from '@preact/signals';
import { describe, expect, test, vi } from 'vitest';
import { applySettings, createSettings } from './settings';
import { type Audio, createBell } from './sound';
import { createMemoryStore } from './storage';
import { composeTitle, keepTitle } from './title';
import { keepAwake, type Sentinel } from './wake';

describe('choices', () => {
  const settingsOver = (store = createMemoryStore(), wantsMore = signal(false)) => ({
    store,
    wantsMore,
    settings: createSettings(store, wantsMore),
  });

  test('SCREEN-8 a hidden number stays hidden after a reload', () => {
    const { store, settings } = settingsOver();
    expect(settings.numberHidden.value).toBe(false);
    settings.numberHidden.value = true;
    expect(settingsOver(store).settings.numberHidden.value).toBe(true);
  });

  test('SCREEN-13 sound is off until chosen and then kept', () => {
    const { store, settings } = settingsOver();
    expect(settings.sound.value).toBe(false);
    settings.sound.value = true;
    expect(settingsOver(store).settings.sound.value).toBe(true);
  });

  test('nothing is written before something is chosen', () => {
    const { store } = settingsOver();
    expect(store.length).toBe(0);
  });

  test('junk in the store means the defaults', () => {
    for (const junk of ['{', '[]', 'null', '7', '{"theme":"pink","sound":"yes","textSize":9}']) {
      const store = createMemoryStore();
      store.setItem('attune.settings', junk);
      const { settings } = settingsOver(store);
      expect(settings.theme.value).toBe('device');
      expect(settings.sound.value).toBe(false);
      expect(settings.textSize.value).toBe('normal');
    }
  });

  test('contrast follows the device unless chosen', () => {
    const { settings, wantsMore } = settingsOver();
    const root = document.createElement('div');
    const stop = applySettings(settings, root);
    expect(root.dataset.contrast).toBeUndefined();
    wantsMore.value = true;
    expect(root.dataset.contrast).toBe('more');
    settings.contrast.value = 'normal';
    expect(root.dataset.contrast).toBeUndefined();
    settings.contrast.value = 'more';
    wantsMore.value = false;
    settings.theme.value = 'dark';
    settings.textSize.value = 'larger';
    expect({ ...root.dataset }).toEqual({ contrast: 'more', theme: 'dark', text: 'larger' });
    settings.theme.value = 'device';
    expect(root.dataset.theme).toBeUndefined();
    stop();
  });
});

describe('the screen that stays on', () => {
  function setUp(fails = false) {
    const visible = signal(true);
    const wish = signal(false);
    const sentinels: { released: boolean; take(): void }[] = [];
    const request = vi.fn(async (): Promise<Sentinel> => {
      if (fails) throw new DOMException('no');
      let listener = () => {};
      const own = {
        released: false,
        take() {
          own.released = true;
          listener();
        },
      };
      sentinels.push(own);
      return {
        release: async () => own.take(),
        addEventListener: (_, given) => {
          listener = given;
        },
      };
    });
    const lock = keepAwake({ request, visible, wish });
    return { visible, wish, sentinels, request, lock };
  }
  const settle = () => new Promise((next) => setTimeout(next));

  test('SCREEN-12 it is asked for while a phase runs and again on coming back', async () => {
    const { visible, wish, sentinels, request, lock } = setUp();
    expect(request).not.toHaveBeenCalled();
    wish.value = true;
    await settle();
    expect(lock.state.value).toBe('held');
    visible.value = false;
    await settle();
    expect(sentinels[0]?.released).toBe(true);
    visible.value = true;
    await settle();
    expect(request).toHaveBeenCalledTimes(2);
    expect(lock.state.value).toBe('held');
    wish.value = false;
    await settle();
    expect(sentinels[1]?.released).toBe(true);
    expect(lock.state.value).toBe('off');
  });

  test('SCREEN-12 a failure is told', async () => {
    const { wish, lock } = setUp(true);
    wish.value = true;
    await settle();
    expect(lock.state.value).toBe('failed');
    const { state } = keepAwake({ visible: signal(true), wish: signal(true) });
    await settle();
    expect(state.value).toBe('failed');
  });

  test('SCREEN-12 a lock that is taken away is told', async () => {
    const { wish, sentinels, lock } = setUp();
    wish.value = true;
    await settle();
    sentinels[0]?.take();
    expect(lock.state.value).toBe('failed');
  });

  test('SCREEN-12 an answer that comes too late is let go', async () => {
    const { visible, wish, sentinels } = setUp();
    wish.value = true;
    visible.value = false;
    visible.value = true;
    wish.value = false;
    await settle();
    expect(sentinels.every(({ released }) => released)).toBe(true);
  });
});

describe('the bell', () => {
  function setUp(isChosen: boolean) {
    const chosen = signal(isChosen);
    const watching = new Set<() => void>();
    const watchPresses = (press: () => void) => {
      watching.add(press);
      return () => watching.delete(press);
    };
    const press = () => {
      for (const heard of watching) heard();
    };
    const started: number[] = [];
    const node = {
      frequency: { value: 0 },
      gain: { setValueAtTime() {}, linearRampToValueAtTime() {}, exponentialRampToValueAtTime() {} },
      connect: () => node,
      start: (at: number) => started.push(at),
      stop() {},
    };
    const audio = {
      state: 'running',
      currentTime: 0,
      destination: null,
      resume: async () => {
        audio.state = 'running';
      },
      suspend: async () => {
        audio.state = 'suspended';
      },
      createOscillator: () => node,
      createGain: () => node,
    };
    const vibrate = vi.fn();
    const openAudio = vi.fn(() => audio as unknown as Audio);
    return {
      chosen,
      press,
      started,
      audio,
      vibrate,
      openAudio,
      bell: createBell({ openAudio, vibrate, chosen, watchPresses }),
    };
  }
  const settle = () => new Promise((next) => setTimeout(next));

  test('SCREEN-13 it is silent until chosen', async () => {
    const { started, vibrate, openAudio, bell, press } = setUp(false);
    press();
    bell.ring();
    await settle();
    expect(started).toEqual([]);
    expect(vibrate).not.toHaveBeenCalled();
    // Open audio costs a phone its battery.
    expect(openAudio).not.toHaveBeenCalled();
  });

  test('SCREEN-13 it rings and vibrates once', async () => {
    const { started, vibrate, openAudio, bell, press } = setUp(true);
    expect(openAudio).not.toHaveBeenCalled();
    press();
    expect(openAudio).toHaveBeenCalledTimes(1);
    bell.ring();
    await settle();
    expect(started).toHaveLength(3);
    expect(vibrate).toHaveBeenCalledTimes(1);
    expect(openAudio).toHaveBeenCalledTimes(1);
  });

  test('SCREEN-13 a device without audio is no trouble', async () => {
    let press = () => {};
    const watchPresses = (heard: () => void) => {
      press = heard;
      return () => {};
    };
    const bell = createBell({ chosen: signal(true), watchPresses });
    press();
    bell.ring();
    await settle();
  });

  test('SCREEN-13 the device’s audio is open only while it is chosen, and a press brings it back', async () => {
    const { audio, chosen, openAudio, press } = setUp(false);
    chosen.value = true;
    press();
    expect(openAudio).toHaveBeenCalledTimes(1);
    // A phone call takes it away.
    audio.state = 'interrupted';
    press();
    await settle();
    expect(audio.state).toBe('running');
    chosen.value = false;
    press();
    await settle();
    expect(audio.state).toBe('suspended');
    expect(openAudio).toHaveBeenCalledTimes(1);
  });
});

describe('the title', () => {
  test('SCREEN-11 it has minutes phase and product', () => {
    expect(composeTitle('18 min left', 'Group discussion')).toBe('18 min left – Group discussion – Attune');
    expect(composeTitle(null, false, '')).toBe('Attune');
  });

  test('SCREEN-11 it is written only when it changes', () => {
    const minutes = signal(18);
    const written: string[] = [];
    let shown = '';
    const page = {
      get title() {
        return shown;
      },
      set title(next: string) {
        shown = next;
        written.push(next);
      },
    };
    const stop = keepTitle(page, () => composeTitle(`${Math.floor(minutes.value)} min left`));
    minutes.value = 18.5;
    minutes.value = 17;
    stop();
    minutes.value = 16;
    expect(written).toEqual(['18 min left – Attune', '17 min left – Attune']);
  });
});
