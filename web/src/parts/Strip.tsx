// News: a line at the top that pushes the page down, or a notice with a choice in the place of the question.
// Neither speaks by itself: what is said aloud goes through the announcer, once.
import type { ComponentChildren } from 'preact';

function ReconnectingIcon() {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      aria-hidden="true"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
    >
      <path d="M4 12a8 8 0 0 1 8-8M20 12a8 8 0 0 1-8 8" />
      <circle cx="12" cy="12" r="2" fill="currentColor" stroke="none" />
    </svg>
  );
}

/** A line of news; `children` are a button, if any. */
export function Strip({
  words,
  reconnecting = false,
  children,
}: {
  words: ComponentChildren;
  reconnecting?: boolean;
  children?: ComponentChildren;
}) {
  return (
    <div class="strip">
      {reconnecting && <ReconnectingIcon />}
      <span class="words">{words}</span>
      {children}
    </div>
  );
}

/** News with a choice. */
export function Notice({ heading, children }: { heading: ComponentChildren; children: ComponentChildren }) {
  return (
    <section class="notice">
      <h2>{heading}</h2>
      {children}
    </section>
  );
}
