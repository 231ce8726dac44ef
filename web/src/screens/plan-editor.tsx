// The parts of a session with their minutes: a draft that becomes a plan, for set-up and for the lobby.
import { type Signal, signal } from '@preact/signals';
import { words } from '../locales';
import { more } from '../locales/more';
import { Choice, Field, type FieldError } from '../parts/Field';
import { Rows } from '../parts/Rows';
import {
  type Facilitates,
  type Firmness,
  type FloorMode,
  LONGEST_PHASE_MINUTES,
  LONGEST_PLAN_MINUTES,
  type Meeting,
  type Method,
  type Plan,
  type PlanPhase,
} from '../protocol';
import { findSource, textsOf } from './methods';

/** One part of a draft. */
export interface PartDraft {
  /** As it stood when the draft was made. */
  readonly planned: PlanPhase;
  readonly title: string;
  /** Whether it can be switched off here. */
  readonly optional: boolean;
  /** Whether it can be gone through in turn or together. */
  readonly mayTakeTurns: boolean;
  readonly chosen: Signal<boolean>;
  /** As typed. */
  readonly minutes: Signal<string>;
  /** One after another; only where the part may take turns. */
  readonly inTurn: Signal<boolean>;
}

/** A plan while it is changed. */
export interface PlanDraft {
  readonly method: Method;
  readonly meeting: Signal<Meeting>;
  readonly firmness: Signal<Firmness>;
  readonly facilitates: Facilitates;
  readonly parts: readonly PartDraft[];
}

function createPart(method: Method, planned: PlanPhase, chosen: boolean): PartDraft {
  const own = planned.texts === undefined ? findSource(method, planned) : null;
  const isRound = planned.floor.mode === 'round';
  const wasRound = own?.plan.floor.mode === 'round' && planned.floor.mode === 'open';
  return {
    planned,
    get title() {
      return textsOf(method, planned).title;
    },
    optional: own?.optional ?? false,
    mayTakeTurns: (isRound || wasRound) && planned.presenter === 'responding',
    chosen: signal(chosen),
    minutes: signal(String(planned.minutes)),
    inTurn: signal(isRound),
  };
}

/** A draft of a method as it stands. */
export function createDraft(method: Method): PlanDraft {
  const parts = method.phases.map(({ plan, chosen }) => createPart(method, plan, chosen));
  return { method, meeting: signal('call'), firmness: signal('guide'), facilitates: 'host', parts };
}

/** A draft of a plan that was made from a method, with what the method offers besides. */
export function createDraftOf(method: Method, plan: Plan): PlanDraft {
  const parts = plan.phases.map((phase) => createPart(method, phase, true));
  for (const [index, { plan: phase, optional }] of method.phases.entries()) {
    const isIn = plan.phases.some(({ id }) => id === phase.id);
    if (!optional || isIn) continue;
    const before = method.phases.slice(0, index).map(({ plan: { id } }) => id);
    const after = parts.findLastIndex(({ planned }) => before.includes(planned.id));
    parts.splice(after + 1, 0, createPart(method, phase, false));
  }
  const { meeting, firmness, facilitates = 'host' } = plan;
  return { method, meeting: signal(meeting), firmness: signal(firmness), facilitates, parts };
}

/** A draft of another method, with what was chosen beside it. */
export function changeMethod({ meeting, firmness, facilitates }: PlanDraft, method: Method): PlanDraft {
  return { ...createDraft(method), meeting, firmness, facilitates };
}

/** The parts that are in, as they were planned. */
export const plannedParts = (draft: PlanDraft): readonly PlanPhase[] =>
  chosenParts(draft).map(({ planned }) => planned);

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
/** The id of what the parts are folded into. */
const PARTS = 'parts';

const fieldId = (part: PartDraft) => `${MINUTES}${part.planned.id}`;

/** What stands in the way of running it, by field. */
export function checkDraft(draft: PlanDraft): FieldError[] {
  const parts = chosenParts(draft);
  const errors = parts
    .filter(({ minutes }) => readMinutes(minutes.value) === null)
    .map((part) => ({
      id: fieldId(part),
      words: more.setUp.badMinutes(part.title, LONGEST_PHASE_MINUTES),
    }));
  const [first] = parts;
  if (!first) return [{ id: PARTS, words: more.setUp.noParts }];
  if (errors.length === 0 && totalMinutes(draft) > LONGEST_PLAN_MINUTES) {
    errors.push({ id: fieldId(first), words: more.setUp.tooLong(LONGEST_PLAN_MINUTES) });
  }
  return errors;
}

function totalMinutes(draft: PlanDraft): number {
  return chosenParts(draft).reduce((sum, { minutes }) => sum + (readMinutes(minutes.value) ?? 0), 0);
}

/** The plan of a draft without mistakes. */
export function finishDraft(draft: PlanDraft): Plan {
  const phases = chosenParts(draft).map(({ planned, mayTakeTurns, minutes, inTurn }) => {
    const { floor } = planned;
    const mode: FloorMode = mayTakeTurns ? (inTurn.value ? 'round' : 'open') : floor.mode;
    return settleTurns({
      ...planned,
      minutes: readMinutes(minutes.value) ?? planned.minutes,
      floor: { ...floor, mode },
    });
  });
  const { method, meeting, firmness, facilitates } = draft;
  const plan: Plan = { method: method.id, firmness: firmness.value, meeting: meeting.value, phases };
  return facilitates === 'host' ? plan : { ...plan, facilitates };
}

/** A turn is no longer than its part, and stands in a round only. */
function settleTurns({ turnMinutes, ...phase }: PlanPhase): PlanPhase {
  if (turnMinutes === undefined || phase.floor.mode !== 'round') return phase;
  return { ...phase, turnMinutes: Math.min(turnMinutes, phase.minutes) };
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
  const items = parts.map(({ planned, title, minutes }) => {
    const number = readMinutes(minutes.value);
    return {
      key: planned.id,
      main: title,
      side: number === null ? minutes.value : words.minutes(number),
    };
  });
  return (
    <section class="part">
      <h2>{more.setUp.total(totalMinutes(draft), parts.length)}</h2>
      <Rows items={items} />
      {draft.facilitates === 'group' && <p class="hint">{more.setUp.ofTheGroup}</p>}
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
      <details open={open || errors.some(({ id }) => id.startsWith(MINUTES) || id === PARTS)}>
        <summary id={PARTS}>{more.setUp.change}</summary>
        {draft.parts.map((part) => (
          <PartFields key={part.planned.id} part={part} errors={errors} />
        ))}
      </details>
      <FirmnessChoice
        name="firmness"
        firmness={draft.firmness.value}
        choose={(firmness) => (draft.firmness.value = firmness)}
      />
    </>
  );
}

/** What an optional part of the default method is. */
function hintOf({ id }: PlanPhase): { hint?: string } {
  const { arrivalHint, closingHint } = more.setUp;
  if (id === 'arrive') return { hint: arrivalHint };
  return id === 'closing-round' ? { hint: closingHint } : {};
}

function PartFields({ part, errors }: { readonly part: PartDraft; readonly errors: readonly FieldError[] }) {
  const { setUp } = more;
  const { planned, title, optional, mayTakeTurns, chosen, minutes, inTurn } = part;
  const id = fieldId(part);
  const turn = (value: boolean, label: string, hint?: string) => (
    <Choice
      type="radio"
      name={`turns-${planned.id}`}
      checked={inTurn.value === value}
      {...(hint === undefined ? {} : { hint })}
      onChoose={() => (inTurn.value = value)}
    >
      {label}
    </Choice>
  );
  return (
    <>
      {optional && (
        <Choice
          type="checkbox"
          name={`with-${planned.id}`}
          checked={chosen.value}
          onChoose={(checked) => (chosen.value = checked)}
          {...hintOf(planned)}
        >
          {setUp.with(title)}
        </Choice>
      )}
      {chosen.value && (
        <Field
          id={id}
          label={setUp.minutesOf(title)}
          error={errors.find((error) => error.id === id)?.words}
          errorPrefix={words.errorPrefix}
          inputMode="numeric"
          short
          value={minutes.value}
          onInput={(value) => (minutes.value = value)}
        />
      )}
      {chosen.value && mayTakeTurns && (
        <fieldset class="part near">
          <legend>{setUp.turns(title)}</legend>
          {turn(true, setUp.inTurn, setUp.inTurnHint)}
          {turn(false, setUp.open)}
        </fieldset>
      )}
    </>
  );
}

interface FirmnessProps {
  readonly name: string;
  readonly firmness: Firmness;
  readonly choose: (firmness: Firmness) => void;
}

/** What happens when the time of a part is up: folded away. */
export function FirmnessChoice({ name, firmness: chosen, choose }: FirmnessProps) {
  const { setUp } = more;
  const choice = (firmness: Firmness, label: string, hint: string) => (
    <Choice
      type="radio"
      name={name}
      checked={chosen === firmness}
      hint={hint}
      onChoose={() => choose(firmness)}
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
