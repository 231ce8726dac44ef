// Fields and their mistakes: the same words at the field and in a summary that takes the focus. Nothing is cleared.
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

/** One line of text. */
export function Field({
  id,
  label,
  hint,
  error,
  errorPrefix,
  short = false,
  value,
  onInput,
  children,
  inputMode,
  autocomplete = 'off',
}: {
  id: string;
  label: ComponentChildren;
  hint?: ComponentChildren;
  /** What to do; absent while nothing is wrong. */
  error?: string | undefined;
  /** Read aloud before the error: "Error: ". */
  errorPrefix: string;
  short?: boolean;
  value: string;
  onInput: (value: string) => void;
  /** What stands below the input: the form's button. */
  children?: ComponentChildren;
  /** Which keyboard a phone shows. The input itself is always text, which keeps whatever was typed. */
  inputMode?: 'numeric' | 'text' | 'url';
  autocomplete?: 'given-name' | 'off';
}) {
  const described = [hint !== undefined && `${id}-hint`, error !== undefined && `${id}-error`].filter(
    Boolean,
  );
  const names = ['field', short && 'short', error !== undefined && 'error'].filter(Boolean);
  return (
    <div class={names.join(' ')}>
      <label for={id}>{label}</label>
      {hint !== undefined && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
      {error !== undefined && (
        <p class="error-text" id={`${id}-error`}>
          <span class="vh">{errorPrefix}</span>
          {error}
        </p>
      )}
      <input
        type="text"
        id={id}
        name={id}
        inputMode={inputMode}
        autocomplete={autocomplete}
        spellcheck={false}
        value={value}
        aria-describedby={described.length > 0 ? described.join(' ') : undefined}
        aria-invalid={error === undefined ? undefined : true}
        onInput={(event) => onInput(event.currentTarget.value)}
      />
      {children}
    </div>
  );
}

/** A box or a dot to choose, with its words beside it. */
export function Choice({
  type,
  name,
  id,
  checked,
  hint,
  onChoose,
  children,
}: {
  type: 'checkbox' | 'radio';
  name: string;
  id?: string;
  checked: boolean;
  hint?: ComponentChildren;
  onChoose: (checked: boolean) => void;
  children: ComponentChildren;
}) {
  return (
    <label class="choice">
      <input
        type={type}
        name={name}
        id={id}
        checked={checked}
        onChange={(event) => onChoose(event.currentTarget.checked)}
      />
      <span>
        {children}
        {hint !== undefined && <span class="hint">{hint}</span>}
      </span>
    </label>
  );
}

/** A mistake and its field. */
export interface FieldError {
  /** The field's id. */
  readonly id: string;
  /** What to do, in the field's own words. */
  readonly words: string;
}

/** All mistakes of a form, above its heading. Takes the focus whenever they are new. */
export function ErrorSummary({ heading, errors }: { heading: string; errors: readonly FieldError[] }) {
  const summary = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (errors.length > 0) summary.current?.focus();
  }, [errors]);
  if (errors.length === 0) return null;
  return (
    <div class="problem" role="alert" tabIndex={-1} aria-labelledby="problem" ref={summary}>
      <h2 id="problem">{heading}</h2>
      <ul>
        {errors.map(({ id, words }) => (
          <li key={id}>
            <a
              href={`#${id}`}
              onClick={(event) => {
                // The address bar is kept clean: its fragment is where keys come in.
                event.preventDefault();
                document.getElementById(id)?.focus();
              }}
            >
              {words}
            </a>
          </li>
        ))}
      </ul>
    </div>
  );
}
