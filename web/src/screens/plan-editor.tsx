// The parts of a session with their minutes: a draft that becomes a plan, for set-up and for the lobby.
import { type Signal, signal } from '@preact/signals';
import { words } from '../locales';
import { more } from '../locales/more';
import { Choice, Field, type FieldError } from '../parts/Field';
import { Rows } from '../parts/Rows';
import {
  type Firmness,
  LONGEST_PHASE_MINUTES,
  LONGEST_PLAN_MINUTES,
  type Meeting,
  type Method,
  type MethodPhase,
  type Plan,
} from '../protocol';

/** One part of a draft. */
interface PartDraft {
  readonly phase: MethodPhase;
  readonly chosen: Signal<boolean>;
  /** As typed. */
  readonly minutes: Signal<string>;
  /** One after another; only where the method has a round. */
  readonly inTurn: Signal<boolean>;
}

/** A plan while it is changed. */
export interface PlanDraft {
  readonly method: Method;
  readonly meeting: Signal<Meeting>;
  readonly firmness: Signal<Firmness>;
  readonly parts: readonly PartDraft[];
}

/** A draft of a method as it stands, or of a plan that was made from it. */
export function createDraft(method: Method, plan?: Plan): PlanDraft {
  const parts = method.phases.map((phase) => {
    const planned = plan?.phases.find(({ id }) => id === phase.plan.id);
    return {
      phase,
      chosen: signal(plan ? planned !== undefined : phase.chosen),
      minutes: signal(String(planned?.minutes ?? phase.plan.minutes)),
      inTurn: signal((planned ?? phase.plan).floor.mode === 'round'),
    };
  });
  return {
    method,
    meeting: signal(plan?.meeting ?? 'call'),
    firmness: signal(plan?.firmness ?? 'guide'),
    parts,
  };
}

/** A draft of another method, with what was chosen beside it. */
export function changeMethod({ meeting, firmness }: PlanDraft, method: Method): PlanDraft {
  return { ...createDraft(method), meeting, firmness };
}

/** The parts that are in. */
function chosenParts(draft: PlanDraft): PartDraft[] {
  return draft.parts.filter(({ chosen }) => chosen.value);
}

/** Whole minutes from 1 to the most; null for anything else. */
export function readMinutes(text: string): number | null {
  const trimmed = text.trim();
  if (!/^\d{1,4}$/.test(trimmed)) return null;
  const minutes = Number(trimmed);
  return minutes >= 1 && minutes <= LONGEST_PHASE_MINUTES ? minutes : null;
}

const MINUTES = 'minutes-';

const fieldId = (part: PartDraft) => `${MINUTES}${part.phase.plan.id}`;

/** What stands in the way of running it, by field. */
export function checkDraft(draft: PlanDraft): FieldError[] {
  const parts = chosenParts(draft);
  const errors = parts
    .filter(({ minutes }) => readMinutes(minutes.value) === null)
    .map((part) => ({
      id: fieldId(part),
      words: more.setUp.badMinutes(part.phase.title, LONGEST_PHASE_MINUTES),
    }));
  const [first] = parts;
  if (errors.length === 0 && first && totalMinutes(draft) > LONGEST_PLAN_MINUTES) {
    errors.push({ id: fieldId(first), words: more.setUp.tooLong(LONGEST_PLAN_MINUTES) });
  }
  return errors;
}

function totalMinutes(draft: PlanDraft): number {
  return chosenParts(draft).reduce((sum, { minutes }) => sum + (readMinutes(minutes.value) ?? 0), 0);
}

/** The plan of a draft without mistakes. */
export function finishDraft(draft: PlanDraft): Plan {
  const phases = chosenParts(draft).map(({ phase, minutes, inTurn }) => {
    const { plan } = phase;
    const mode = plan.floor.mode === 'round' && !inTurn.value ? 'open' : plan.floor.mode;
    return {
      ...plan,
      minutes: readMinutes(minutes.value) ?? plan.minutes,
      floor: { ...plan.floor, mode },
    };
  });
  return { method: draft.method.id, firmness: draft.firmness.value, meeting: draft.meeting.value, phases };
}

/** How the group meets. */
export function MeetingChoice({ draft }: { readonly draft: PlanDraft }) {
  const { setUp } = more;
  const choice = (meeting: Meeting, label: string, hint: string) => (
    <Choice
      type="radio"
      name="meeting"
      checked={draft.meeting.value === meeting}
      hint={hint}
      onChoose={() => (draft.meeting.value = meeting)}
    >
      {label}
    </Choice>
  );
  return (
    <fieldset class="part">
      <legend>{setUp.meeting}</legend>
      {choice('call', setUp.call, setUp.callHint)}
      {choice('room', setUp.room, setUp.roomHint)}
    </fieldset>
  );
}

/** The parts with their minutes, to read. */
export function PlanSummary({ draft }: { readonly draft: PlanDraft }) {
  const parts = chosenParts(draft);
  const items = parts.map(({ phase, minutes }) => {
    const number = readMinutes(minutes.value);
    return {
      key: phase.plan.id,
      main: phase.title,
      side: number === null ? minutes.value : words.minutes(number),
    };
  });
  return (
    <section class="part">
      <h2>{more.setUp.total(totalMinutes(draft), parts.length)}</h2>
      <Rows items={items} />
    </section>
  );
}

interface EditorProps {
  readonly draft: PlanDraft;
  readonly errors: readonly FieldError[];
  /** Folded parts are open, so that a mistake in them is seen. */
  readonly open?: boolean;
}

/** Parts, minutes, rounds, and what happens at time: folded away. */
export function PlanFields({ draft, errors, open = false }: EditorProps) {
  return (
    <>
      <details open={open || errors.some(({ id }) => id.startsWith(MINUTES))}>
        <summary>{more.setUp.change}</summary>
        {draft.parts.map((part) => (
          <PartFields key={part.phase.plan.id} part={part} errors={errors} />
        ))}
      </details>
      <FirmnessChoice draft={draft} />
    </>
  );
}

function PartFields({ part, errors }: { readonly part: PartDraft; readonly errors: readonly FieldError[] }) {
  const { setUp } = more;
  const { phase, chosen, minutes, inTurn } = part;
  const id = fieldId(part);
  const turn = (value: boolean, label: string, hint?: string) => (
    <Choice
      type="radio"
      name={`turns-${phase.plan.id}`}
      checked={inTurn.value === value}
      {...(hint === undefined ? {} : { hint })}
      onChoose={() => (inTurn.value = value)}
    >
      {label}
    </Choice>
  );
  return (
    <>
      {phase.optional && (
        <Choice
          type="checkbox"
          name={`with-${phase.plan.id}`}
          checked={chosen.value}
          onChoose={(checked) => (chosen.value = checked)}
          {...(phase.plan.id === 'arrive' ? { hint: setUp.arrivalHint } : {})}
        >
          {setUp.with(phase.title)}
        </Choice>
      )}
      {chosen.value && (
        <Field
          id={id}
          label={setUp.minutesOf(phase.title)}
          error={errors.find((error) => error.id === id)?.words}
          errorPrefix={words.errorPrefix}
          inputMode="numeric"
          short
          value={minutes.value}
          onInput={(value) => (minutes.value = value)}
        />
      )}
      {chosen.value && phase.plan.floor.mode === 'round' && phase.plan.presenter === 'responding' && (
        <fieldset class="part near">
          <legend>{setUp.turns(phase.title)}</legend>
          {turn(true, setUp.inTurn, setUp.inTurnHint)}
          {turn(false, setUp.open)}
        </fieldset>
      )}
    </>
  );
}

function FirmnessChoice({ draft }: { readonly draft: PlanDraft }) {
  const { setUp } = more;
  const choice = (firmness: Firmness, label: string, hint: string) => (
    <Choice
      type="radio"
      name="firmness"
      checked={draft.firmness.value === firmness}
      hint={hint}
      onChoose={() => (draft.firmness.value = firmness)}
    >
      {label}
    </Choice>
  );
  return (
    <details>
      <summary>{setUp.atTime}</summary>
      <fieldset>
        <legend class="vh">{setUp.atTime}</legend>
        {choice('guide', setUp.guide, setUp.guideHint)}
        {choice('firm', setUp.firm, setUp.firmHint)}
      </fieldset>
    </details>
  );
}
