// A field of several lines, as tall as what is written in it.
import type { ComponentChildren } from 'preact';

/** Several lines of text. */
export function Area({
  id,
  label,
  hint,
  value,
  onInput,
}: {
  id: string;
  label: ComponentChildren;
  hint?: ComponentChildren;
  value: string;
  onInput: (value: string) => void;
}) {
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      <textarea
        id={id}
        name={id}
        rows={3}
        autocomplete="off"
        value={value}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
    </div>
  );
}
