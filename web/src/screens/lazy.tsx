// Parts of the page that are fetched when they are first shown, or when a session begins.
import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { words } from '../locales';

const fetchers: (() => void)[] = [];
let allWanted = false;

/** Fetches all that is not here, and what it brings: later the network may be gone, or the server a newer one. */
export function fetchAll(): void {
  allWanted = true;
  for (const fetchUnasked of fetchers) fetchUnasked();
}

/** A component that fetches itself. Until it is here, nothing stands in its place. */
export function lazily<Props>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const loaded = signal<ComponentType<Props> | null>(null);
  const failed = signal(false);
  let asked = false;
  let shown = false;
  const fetchIt = () => {
    asked = true;
    failed.value = false;
    load().then(
      (component) => {
        loaded.value = component;
      },
      () => {
        // What nobody has missed is fetched again when it is shown.
        asked = shown;
        failed.value = shown;
      },
    );
  };
  const fetchUnasked = () => {
    if (!asked) fetchIt();
  };
  fetchers.push(fetchUnasked);
  if (allWanted) fetchUnasked();
  return (props) => {
    const Component = loaded.value;
    if (Component) return <Component {...(props as Props & object)} />;
    if (failed.value) {
      return (
        <section class="notice" role="alert">
          <p>{words.notLoaded}</p>
          <button type="button" class="btn" onClick={fetchIt}>
            {words.tryAgain}
          </button>
        </section>
      );
    }
    shown = true;
    fetchUnasked();
    return null;
  };
}
