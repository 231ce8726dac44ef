// A person's CPD note: six questions, kept on the device, printed or saved by the person alone.
import { useSignal } from '@preact/signals';
import { page } from '../app';
import { dayOf } from '../kit/calendar';
import { CPD_FIELDS, type CpdAnswers, type CpdField, type CpdLog, createCpdLogs } from '../kit/cpd';
import type { Keeping } from '../kit/storage';
import { ending } from '../locales/ending';
import { words } from '../locales/session';
import { Area } from '../parts/Area';
import { Button } from '../parts/Button';
import { Field } from '../parts/Field';
import { buildCpdMarkdown, buildCpdText } from './cpd-text';
import { fullDate } from './dates';
import { cleanLines, saveFile } from './save-file';

const { cpd: text } = ending;

/** Where this browser keeps notes. */
export const cpdLogs = createCpdLogs(page.stores.device, page.stores.tab);

/** A note that nobody has written in yet. */
function beginLog(heldAt: number): CpdLog {
  const filled: Partial<CpdAnswers> = { kind: text.kindFilled, date: fullDate(heldAt) };
  const answers = Object.fromEntries(CPD_FIELDS.map((field) => [field, filled[field] ?? '']));
  return { heldAt, answers: answers as CpdAnswers };
}

interface CpdFormProps {
  /** When the session ended, by the device's clock in ms. */
  readonly heldAt: number;
  readonly keeping: Keeping;
  /** Over the room, where a printer would not see it. */
  readonly withoutPrint?: boolean;
  readonly close: () => void;
}

/** The six questions and what to do with the answers. */
export function CpdForm({ heldAt, keeping, withoutPrint = false, close }: CpdFormProps) {
  const answers = useSignal(cpdLogs.read(heldAt)?.answers ?? beginLog(heldAt).answers);
  const kept = useSignal<boolean | null>(null);
  const write = (field: CpdField) => (value: string) => {
    answers.value = { ...answers.peek(), [field]: value };
    kept.value = cpdLogs.write({ heldAt, answers: answers.peek() }, keeping);
  };
  const save = (kind: 'markdown' | 'plain') => () => {
    const build = kind === 'markdown' ? buildCpdMarkdown : buildCpdText;
    saveFile(text.file(dayOf(heldAt), kind === 'markdown' ? 'md' : 'txt'), build(answers.peek()), kind);
  };
  const remove = () => {
    const nothing = Object.fromEntries(CPD_FIELDS.map((field) => [field, ''])) as CpdAnswers;
    cpdLogs.write({ heldAt, answers: nothing }, keeping);
    close();
  };
  const short = (field: CpdField) => field === 'kind' || field === 'date';
  const field = (name: CpdField) => {
    const shared = { id: `cpd-${name}`, label: text.fields[name], value: answers.value[name] };
    const hint = name === 'peer' ? { hint: text.optional } : {};
    return short(name) ? (
      <Field {...shared} errorPrefix={words.errorPrefix} onInput={write(name)} />
    ) : (
      <Area {...shared} {...hint} onInput={write(name)} />
    );
  };
  const state = kept.value === false ? text.notKept : kept.value && keeping === 'device' && text.kept;
  return (
    <>
      <div class="no-print">
        <p class="think-on">{text.names}</p>
        {CPD_FIELDS.map(field)}
        <p class="hint" role="status">
          {state}
        </p>
        <div class="stack act">
          {!withoutPrint && <Button onPress={() => window.print()}>{text.print}</Button>}
          <Button onPress={save('markdown')}>{text.saveMarkdown}</Button>
          <Button onPress={save('plain')}>{text.savePlain}</Button>
          <Button onPress={close}>{ending.back}</Button>
        </div>
        <div class="links">
          <Button look="plain" onPress={remove}>
            {text.remove}
          </Button>
        </div>
      </div>
      <dl class="for-print">
        {CPD_FIELDS.map((name) => (
          <div class="part" key={name}>
            <dt>{text.fields[name]}</dt>
            <dd>{cleanLines(answers.value[name]) || text.empty}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}
