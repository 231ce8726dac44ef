// A day and a clock time, in the fields that the device has for them.
import type { FieldError } from './Field';

interface WhenProps {
  /** Begins the ids of both fields. */
  readonly id: string;
  readonly labels: { readonly day: string; readonly time: string };
  readonly day: string;
  readonly time: string;
  /** The first day that can be chosen. */
  readonly least: string;
  readonly onDay: (value: string) => void;
  readonly onTime: (value: string) => void;
  readonly errors: readonly FieldError[];
  readonly errorPrefix: string;
}

/** Both fields. Their ids end in `-day` and `-time`. */
export function When({ id, labels, day, time, least, onDay, onTime, errors, errorPrefix }: WhenProps) {
  const field = (part: 'day' | 'time', value: string, onInput: (value: string) => void) => {
    const own = `${id}-${part}`;
    const error = errors.find((one) => one.id === own);
    return (
      <div class={error ? 'field short error' : 'field short'}>
        <label for={own}>{labels[part]}</label>
        {error && (
          <p class="error-text" id={`${own}-error`}>
            <span class="vh">{errorPrefix}</span>
            {error.words}
          </p>
        )}
        <input
          type={part === 'day' ? 'date' : 'time'}
          id={own}
          name={own}
          min={part === 'day' ? least : undefined}
          value={value}
          aria-describedby={error ? `${own}-error` : undefined}
          aria-invalid={error ? true : undefined}
          onInput={(event) => onInput(event.currentTarget.value)}
        />
      </div>
    );
  };
  return (
    <div class="when">
      {field('day', day, onDay)}
      {field('time', time, onTime)}
    </div>
  );
}
