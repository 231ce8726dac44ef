// A statement and five steps to choose from, with words at both ends.
import type { FieldError } from './Field';

interface ScaleProps {
  readonly id: string;
  readonly statement: string;
  readonly least: string;
  readonly most: string;
  readonly value: number | null;
  readonly error: FieldError | undefined;
  readonly errorPrefix: string;
  readonly onChoose: (value: number) => void;
}

const STEPS = [1, 2, 3, 4, 5];

/** The five steps. The first has the id, so that a mistake leads to it. */
export function Scale({ id, statement, least, most, value, error, errorPrefix, onChoose }: ScaleProps) {
  const words = (step: number) =>
    step === 1 ? `${step}, ${least}` : step === 5 ? `${step}, ${most}` : `${step}`;
  return (
    <fieldset class={error ? 'scale error' : 'scale'} aria-describedby={error ? `${id}-error` : undefined}>
      <legend>{statement}</legend>
      {error && (
        <p class="error-text" id={`${id}-error`}>
          <span class="vh">{errorPrefix}</span>
          {error.words}
        </p>
      )}
      <div class="steps">
        {STEPS.map((step) => (
          <label key={step} class="step">
            <input
              type="radio"
              name={id}
              id={step === 1 ? id : undefined}
              aria-label={words(step)}
              checked={value === step}
              onChange={() => onChoose(step)}
            />
            <span aria-hidden="true">{step}</span>
          </label>
        ))}
      </div>
      <p class="ends hint" aria-hidden="true">
        <span>{least}</span>
        <span>{most}</span>
      </p>
    </fieldset>
  );
}
