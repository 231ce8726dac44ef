// A question to think with: one at a time, and slowly.
import { type ReadonlySignal, useSignal, useSignalEffect } from '@preact/signals';

/** A new question comes by itself at most this often, in ms. */
export const QUESTION_STAYS = 300_000;

/** Which question is shown since when. */
export interface ShownQuestion {
  readonly index: number;
  readonly since: number;
}

/** The question of a phase that began at `began`, for a page that opens at `now`. */
export function firstQuestion(count: number, began: number, now: number): ShownQuestion {
  const index = Math.min(Math.max(0, Math.floor((now - began) / QUESTION_STAYS)), Math.max(0, count - 1));
  return { index, since: began + index * QUESTION_STAYS };
}

/** The question at `now`: the next one once this one has stayed long enough. After the last, none comes by itself. */
export function questionAt(shown: ShownQuestion, count: number, now: number): ShownQuestion {
  const due = now - shown.since >= QUESTION_STAYS && shown.index < count - 1;
  return due ? { index: shown.index + 1, since: now } : shown;
}

/** The question after this one, on asking; after the last the first again. */
export function anotherQuestion(shown: ShownQuestion, count: number, now: number): ShownQuestion {
  return { index: (shown.index + 1) % count, since: now };
}

/** A question. Give it a `key` of the visit, so that each phase begins with its first. */
export function Question({
  heading,
  questions,
  another,
  began,
  now,
}: {
  /** What it is for: "A way in". */
  heading: string;
  questions: readonly string[];
  /** The words that ask for the next. */
  another: string;
  /** When this phase began. */
  began: number;
  /** The page's tick. */
  now: ReadonlySignal<number>;
}) {
  const count = questions.length;
  const shown = useSignal(firstQuestion(count, began, now.peek()));
  useSignalEffect(() => {
    shown.value = questionAt(shown.peek(), count, now.value);
  });
  const question = questions[shown.value.index];
  if (question === undefined) return null;
  return (
    <section class="think">
      <h2>{heading}</h2>
      <p>{question}</p>
      {count > 1 && (
        <button
          class="btn btn-plain"
          type="button"
          onClick={() => {
            shown.value = anotherQuestion(shown.peek(), count, now.peek());
          }}
        >
          {another}
        </button>
      )}
    </section>
  );
}

/** All questions at once: the presenter's three. */
export function Questions({ heading, questions }: { heading: string; questions: readonly string[] }) {
  if (questions.length === 0) return null;
  return (
    <section class="think">
      <h2>{heading}</h2>
      <ul>
        {questions.map((question) => (
          <li key={question}>{question}</li>
        ))}
      </ul>
    </section>
  );
}
