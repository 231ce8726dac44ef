// One part of a plan in the editor: its minutes, who speaks and how, and what the presenter does.
import { useSignal } from '@preact/signals';
import { words } from '../locales';
import { editor } from '../locales/editor';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import { Choice, Field } from '../parts/Field';
import {
  COMMON,
  LONGEST_PHASE_MINUTES,
  LONGEST_PLAN_MINUTES,
  type MethodRole,
  type Plan,
  type PlanPhase,
  type Role,
} from '../protocol';
import { mayHold } from './held';
import { findMethod, textsOf } from './methods';
import { MODES } from './plan-check';
import {
  planTotal,
  positionsFor,
  roleKey,
  setHold,
  setMinutes,
  setMode,
  setPosition,
  setSpeaker,
  setTurnMinutes,
} from './plan-edit';
import { readMinutes } from './plan-editor';

/** All roles that methods of this plan have, used or not. */
function rolesFor({ method, phases }: Plan): readonly MethodRole[] {
  const ids = new Set([method, ...phases.map(({ texts }) => texts?.method ?? method)]);
  ids.delete(COMMON);
  return [...ids].flatMap((id) => findMethod(id)?.roles ?? []);
}

const ORDER = ['presenter', 'member', 'facilitator'];

/** Who speaks in a part and how, in one sentence. */
export function sayWhoSpeaks(plan: Plan, { floor }: PlanPhase): string {
  const { who } = editor;
  const titles = new Map(rolesFor(plan).map(({ id, title }) => [id, title]));
  const place = (role: Role) => (typeof role === 'object' ? ORDER.length : ORDER.indexOf(role));
  const speakers = [...floor.speakers].sort((left, right) => place(left) - place(right));
  const names = speakers.map((role) =>
    typeof role === 'object' ? who.named(titles.get(role.named) ?? role.named) : who[role],
  );
  return editor.speak(floor.mode, names);
}

interface PartProps {
  readonly plan: Plan;
  readonly index: number;
  readonly change: (plan: Plan) => void;
  readonly remove: () => void;
  readonly close: () => void;
}

/** The dialog of one part. What is chosen counts at once; Done looks at the minutes first. */
export function PartDialog({ plan, index, change, remove, close }: PartProps) {
  const { part } = editor;
  const phase = plan.phases[index] as PlanPhase;
  const typed = useSignal(String(phase.minutes));
  const error = useSignal<string | undefined>(undefined);
  const turn = useSignal(String(phase.turnMinutes ?? ''));
  const turnError = useSignal<string | undefined>(undefined);
  const isRound = phase.floor.mode === 'round';
  const left = LONGEST_PLAN_MINUTES - planTotal(plan) + phase.minutes;
  const done = (event: Event) => {
    event.preventDefault();
    const minutes = readMinutes(typed.peek());
    const fits = minutes !== null && minutes <= left;
    const turnMinutes = turn.peek().trim() === '' ? null : readMinutes(turn.peek());
    const isEmpty = turn.peek().trim() === '' || !isRound;
    const turnFits = isEmpty || (turnMinutes !== null && turnMinutes <= (minutes ?? 0));
    error.value = fits ? undefined : minutes === null ? part.bad(LONGEST_PHASE_MINUTES) : part.noRoom(left);
    turnError.value = fits && !turnFits ? part.badTurn(minutes) : undefined;
    if (fits && turnFits) {
      const changed = setMinutes(plan, index, minutes);
      change(isRound ? setTurnMinutes(changed, index, turnMinutes) : changed);
      close();
      return;
    }
    document.getElementById(fits ? 'part-turn' : 'part-minutes')?.focus();
  };
  return (
    <Dialog heading={textsOf(findMethod(plan.method), phase).title} onClose={close}>
      <form noValidate onSubmit={done}>
        <Field
          id="part-minutes"
          label={part.minutes}
          error={error.value}
          errorPrefix={words.errorPrefix}
          inputMode="numeric"
          short
          value={typed.value}
          onInput={(value) => (typed.value = value)}
        />
        <Ways plan={plan} index={index} phase={phase} change={change} />
        {isRound && (
          <Field
            id="part-turn"
            label={part.turn}
            hint={part.turnHint}
            error={turnError.value}
            errorPrefix={words.errorPrefix}
            inputMode="numeric"
            short
            value={turn.value}
            onInput={(value) => (turn.value = value)}
          />
        )}
        <Speakers plan={plan} index={index} phase={phase} change={change} />
        {mayHold(phase) && (
          <Choice
            type="checkbox"
            name="part-hold"
            checked={phase.holdSilence}
            hint={isRound ? part.holdRoundHint : part.holdHint}
            onChoose={(hold) => change(setHold(plan, index, hold))}
          >
            {part.hold}
          </Choice>
        )}
        <div class="stack act">
          <Button look="filled" submit>
            {part.done}
          </Button>
          {plan.phases.length > 1 && <Button onPress={remove}>{part.remove}</Button>}
        </div>
      </form>
    </Dialog>
  );
}

interface FieldsProps extends Pick<PartProps, 'plan' | 'index' | 'change'> {
  readonly phase: PlanPhase;
}

/** How people speak, and what the presenter does meanwhile. */
function Ways({ plan, index, phase, change }: FieldsProps) {
  const { part } = editor;
  const { mode } = phase.floor;
  return (
    <>
      <fieldset class="part near">
        <legend>{part.how}</legend>
        {MODES.map((one) => (
          <Choice
            key={one}
            type="radio"
            name="part-mode"
            checked={one === mode}
            onChoose={() => change(setMode(plan, index, one))}
          >
            {part.modes[one]}
          </Choice>
        ))}
      </fieldset>
      <fieldset class="part near">
        <legend>{part.position}</legend>
        {positionsFor(mode).map((one) => (
          <Choice
            key={one}
            type="radio"
            name="part-position"
            checked={one === phase.presenter}
            onChoose={() => change(setPosition(plan, index, one))}
          >
            {part.positions[one]}
          </Choice>
        ))}
      </fieldset>
    </>
  );
}

/** Who speaks beside the presenter, where somebody does. */
function Speakers({ plan, index, phase, change }: FieldsProps) {
  const { part } = editor;
  const { mode, speakers } = phase.floor;
  if (mode === 'none') return null;
  const named = rolesFor(plan).map(({ id, title }) => ({ role: { named: id } as Role, title }));
  const roles = [
    { role: 'member' as Role, title: part.member },
    { role: 'facilitator' as Role, title: part.facilitator, hint: part.facilitatorHint },
    ...named,
  ];
  const has = (role: Role, list = speakers) => list.some((one) => roleKey(one) === roleKey(role));
  /** Whether it stays when it is taken away, because somebody has to speak. */
  const isNeeded = (role: Role) =>
    has(role, setSpeaker(plan, index, role, false).phases[index]?.floor.speakers ?? []);
  return (
    <fieldset class="part near">
      <legend>{phase.presenter === 'participant' ? part.othersAlone : part.others}</legend>
      {roles.map(({ role, title, ...rest }) =>
        has(role) && isNeeded(role) ? (
          <p key={roleKey(role)} class="needed">
            {title}
            <span class="hint small">{part.needed}</span>
          </p>
        ) : (
          <Choice
            key={roleKey(role)}
            type="checkbox"
            name={`part-${roleKey(role).replace(' ', '-')}`}
            checked={has(role)}
            {...rest}
            onChoose={(speaks) => change(setSpeaker(plan, index, role, speaks))}
          >
            {title}
          </Choice>
        ),
      )}
    </fieldset>
  );
}
