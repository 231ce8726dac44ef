// The lower edge, where the thumb is.
import type { ComponentChildren } from 'preact';

/** One or two buttons for this person. */
export function Dock({ children }: { children: ComponentChildren }) {
  return <footer class="dock">{children}</footer>;
}

/** The controls of whoever steers: plan and More, the trio, Move on. */
export function Sheet({
  label,
  plan,
  trio,
  children,
}: {
  /** What the region is called: "For you as facilitator". */
  label: string;
  /** The line about the plan, and the button beside it. */
  plan: ComponentChildren;
  /** Three buttons of one size. */
  trio: ComponentChildren;
  /** The step that comes next. */
  children: ComponentChildren;
}) {
  return (
    <section class="sheet" aria-label={label}>
      <div class="sheet-in">
        <div class="plan">{plan}</div>
        <div class="trio">{trio}</div>
        {children}
      </div>
    </section>
  );
}
