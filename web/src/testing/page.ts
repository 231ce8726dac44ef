// A page that parts are drawn into, new for each test.
import { type ComponentChild, render } from 'preact';
import { act } from 'preact/test-utils';
import { afterEach, beforeEach } from 'vitest';

/** Where they are drawn. */
export let root: HTMLElement;

/** Gives each test of a file a page of its own. */
export function useFreshPage(): void {
  beforeEach(() => {
    document.body.innerHTML = '<div id="app"></div><p id="polite"></p><p id="assertive"></p>';
    root = document.getElementById('app') as HTMLElement;
  });
  afterEach(() => render(null, root));
}

export const show = (what: ComponentChild) => act(() => render(what, root));
export const press = (selector: string) => act(() => root.querySelector<HTMLElement>(selector)?.click());
