// Parts of the page that are fetched when they are first shown.
import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { words } from '../locales';

/** A component that fetches itself. Until it is here, nothing stands in its place. */
export function lazily<Props>(load: () => Promise<ComponentType<Props>>): ComponentType<Props> {
  const loaded = signal<ComponentType<Props> | null>(null);
  const failed = signal(false);
  let asked = false;
  const fetchIt = () => {
    asked = true;
    failed.value = false;
    load().then(
      (component) => {
        loaded.value = component;
      },
      () => {
        failed.value = true;
      },
    );
  };
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
    if (!asked) fetchIt();
    return null;
  };
}
