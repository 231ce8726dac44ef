// The catalogue: every method with what it is for, how long it takes, for how many, and its shape.
import { words } from '../locales';
import { more } from '../locales/more';
import { Button } from '../parts/Button';
import { Dialog } from '../parts/Dialog';
import type { Aim, Method } from '../protocol';
import { otherMethods } from './catalogue';
import { defaultMethod } from './methods';
import { minutesOfMethod, Shape, ShapeKey } from './shape';

interface PickerProps {
  readonly chosen: Method;
  readonly pick: (method: Method) => void;
  readonly close: () => void;
}

const AIMS: readonly Aim[] = ['reflect', 'coach', 'advise'];

/** The default first, then by length. */
const methods: readonly Method[] = [
  defaultMethod,
  ...[...otherMethods].sort((left, right) => minutesOfMethod(left) - minutesOfMethod(right)),
];

/** The dialog in which a method is chosen. */
export function MethodPicker({ chosen, pick, close }: PickerProps) {
  const { methods: text } = more;
  return (
    <Dialog heading={text.heading} text={text.lead} onClose={close}>
      <div class="stack">
        <Button onPress={close}>{text.keep}</Button>
      </div>
      <ShapeKey />
      {AIMS.map((aim) => (
        <section key={aim} class="methods" aria-labelledby={`aim-${aim}`}>
          <h3 id={`aim-${aim}`}>{text.aims[aim]}</h3>
          <p class="hint">{text.aimHints[aim]}</p>
          <ul class="rows">
            {methods
              .filter((method) => method.aim === aim)
              .map((method) => (
                <Entry key={method.id} method={method} chosen={method.id === chosen.id} pick={pick} />
              ))}
          </ul>
        </section>
      ))}
    </Dialog>
  );
}

interface EntryProps {
  readonly method: Method;
  readonly chosen: boolean;
  readonly pick: (method: Method) => void;
}

function Entry({ method, chosen, pick }: EntryProps) {
  const { methods: text } = more;
  const about = `about-${method.id}`;
  return (
    <li aria-current={chosen ? 'true' : undefined}>
      <Button look="plain" describedBy={about} onPress={() => pick(method)}>
        {method.name}
      </Button>
      <div class="about" id={about}>
        <p>
          {words.minutes(minutesOfMethod(method))}, {text.people(method.size.least, method.size.most)}
          {chosen && `, ${text.chosen}`}
        </p>
        <p>{method.summary}</p>
      </div>
      <Shape method={method} />
      <p class="hint small">{method.credit}</p>
      <details class="small">
        <summary>
          {text.origin}
          <span class="vh">{text.originOf(method.name)}</span>
        </summary>
        <p>{method.terms}</p>
        <p>{text.sources}</p>
        <ul>
          {method.sources.map((source) => (
            <li key={source}>
              <a href={source} target="_blank" rel="noreferrer">
                {source}
              </a>
            </li>
          ))}
        </ul>
      </details>
    </li>
  );
}
