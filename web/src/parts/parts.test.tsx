import { signal } from '@preact/signals';
import { act } from 'preact/test-utils';
import { describe, expect, test, vi } from 'vitest';
import { FakeTime } from '../testing/fakes';
import { press, root, show, useFreshPage } from '../testing/page';
import { createAnnouncer } from './announcer';
import { Agenda, Bar } from './Bar';
import { Decision } from './Dialog';
import { ErrorSummary, Field } from './Field';
import { useFormInPlace, useKeptFocus } from './focus';
import { drawSquares, QrCode } from './QrCode';
import { anotherQuestion, firstQuestion, QUESTION_STAYS, Question, questionAt } from './Question';
import { Rows } from './Rows';

const now = 1_790_000_000_000;
const minute = 60_000;

useFreshPage();

describe('the bar', () => {
  test('SCREEN-3 it is an ordered list with the current step marked', () => {
    const steps = [
      { key: 'present', minutes: 10, state: 'done', words: 'Presentation, 10 minutes, done' },
      { key: 'discuss', minutes: 25, state: 'now', words: 'Group discussion, 25 minutes, now' },
      { key: 'reflect', minutes: 15, state: 'next', words: 'Reflection round, 15 minutes' },
    ] as const;
    const onMenu = vi.fn();
    show(
      <Bar menu="Menu" onMenu={onMenu}>
        <Agenda label="Parts of this session" steps={steps} />
      </Bar>,
    );
    const items = [...root.querySelectorAll<HTMLElement>('ol > li')];
    expect(items.map((item) => item.style.flexGrow)).toEqual(['10', '25', '15']);
    expect(items.map((item) => item.getAttribute('aria-current'))).toEqual([null, 'step', null]);
    expect(items[1]?.textContent).toBe('Group discussion, 25 minutes, now');
    press('button');
    expect(onMenu).toHaveBeenCalledTimes(1);
  });
});

describe('questions', () => {
  test('SCREEN-19 a new one comes at most every five minutes', () => {
    const first = firstQuestion(3, now, now);
    expect(first).toEqual({ index: 0, since: now });
    expect(questionAt(first, 3, now + QUESTION_STAYS - 1)).toBe(first);
    const second = questionAt(first, 3, now + QUESTION_STAYS);
    expect(second.index).toBe(1);
    // Asking for another one starts its five minutes.
    const asked = anotherQuestion(second, 3, now + QUESTION_STAYS + minute);
    expect(questionAt(asked, 3, now + 2 * QUESTION_STAYS).index).toBe(2);
    expect(questionAt(asked, 3, now + 9 * QUESTION_STAYS)).toBe(asked);
    expect(anotherQuestion(asked, 3, now).index).toBe(0);
  });

  test('SCREEN-19 a reload shows the question of that time', () => {
    expect(firstQuestion(6, now, now + 12 * minute)).toEqual({ index: 2, since: now + 10 * minute });
    expect(firstQuestion(2, now, now + 60 * minute).index).toBe(1);
    expect(firstQuestion(3, now, now - 1).index).toBe(0);
  });

  test('SCREEN-19 one is shown and another on asking', () => {
    const tick = signal(now);
    const questions = ['Whose view have we not heard yet?', 'What is hard to say?'];
    show(
      <Question heading="A way in" questions={questions} another="Another question" began={now} now={tick} />,
    );
    expect(root.querySelectorAll('p')).toHaveLength(1);
    expect(root.querySelector('p')?.textContent).toBe(questions[0]);
    press('button');
    expect(root.querySelector('p')?.textContent).toBe(questions[1]);
    press('button');
    act(() => {
      tick.value = now + QUESTION_STAYS;
    });
    expect(root.querySelector('p')?.textContent).toBe(questions[1]);
  });

  test('SCREEN-19 nothing is there without a question and no button with one', () => {
    const tick = signal(now);
    show(<Question heading="A way in" questions={[]} another="Another" began={now} now={tick} />);
    expect(root.innerHTML).toBe('');
    show(
      <Question key="b" heading="A way in" questions={['One?']} another="Another" began={now} now={tick} />,
    );
    expect(root.querySelector('button')).toBeNull();
  });
});

describe('mistakes in a form', () => {
  test('SCREEN-21 the summary takes the focus and leads to the field and what was typed stays', () => {
    const errors = [{ id: 'name', words: 'Enter your name' }];
    show(
      <>
        <ErrorSummary heading="There is a problem" errors={errors} />
        <Field
          id="name"
          label="Your name"
          hint="First name or initials."
          error="Enter your name"
          errorPrefix="Error: "
          value=" "
          onInput={() => {}}
        />
      </>,
    );
    const summary = root.querySelector('[role=alert]');
    expect(document.activeElement).toBe(summary);
    press('.problem a');
    const input = root.querySelector('input');
    expect(document.activeElement).toBe(input);
    expect(window.location.hash).toBe('');
    expect(input?.value).toBe(' ');
    expect(input?.getAttribute('aria-invalid')).toBe('true');
    const described = input?.getAttribute('aria-describedby')?.split(' ') ?? [];
    expect(described.map((id) => document.getElementById(id)?.textContent)).toEqual([
      'First name or initials.',
      'Error: Enter your name',
    ]);
  });

  test('SCREEN-21 without a mistake nothing is marked', () => {
    show(
      <>
        <ErrorSummary heading="There is a problem" errors={[]} />
        <Field id="name" label="Your name" errorPrefix="Error: " value="" onInput={() => {}} />
      </>,
    );
    expect(root.querySelector('[role=alert], [aria-invalid], .error')).toBeNull();
    expect(root.querySelector('label')?.getAttribute('for')).toBe('name');
  });
});

describe('dialogs', () => {
  test('SPEAK-8 the focus goes to the heading and escape is later', () => {
    const onDecide = vi.fn();
    const onLater = vi.fn();
    show(
      <Decision
        heading="Remove Ada?"
        text="Ada leaves now, and the link changes."
        effect="Remove Ada"
        later="Keep Ada"
        onDecide={onDecide}
        onLater={onLater}
      />,
    );
    const dialog = root.querySelector('dialog');
    expect(dialog?.open).toBe(true);
    expect(document.activeElement?.textContent).toBe('Remove Ada?');
    const named = dialog?.getAttribute('aria-labelledby') ?? '';
    expect(document.getElementById(named)?.textContent).toBe('Remove Ada?');
    dialog?.dispatchEvent(new Event('cancel', { cancelable: true }));
    expect(onLater).toHaveBeenCalledTimes(1);
    press('.btn-fill');
    expect(onDecide).toHaveBeenCalledTimes(1);
  });
});

describe('the focus', () => {
  function Screen({ name, gone }: { name: string; gone: boolean }) {
    useKeptFocus(name);
    return (
      <main>
        <h1>{name}</h1>
        {!gone && <button type="button">Press</button>}
      </main>
    );
  }

  test('SPEAK-2 a change does not move it unless its element is gone', () => {
    show(<Screen name="one" gone={false} />);
    const button = root.querySelector('button');
    button?.focus();
    show(<Screen name="two" gone={false} />);
    expect(document.activeElement).toBe(button);
    show(<Screen name="three" gone={true} />);
    expect(document.activeElement).toBe(root.querySelector('h1'));
  });

  test('SCREEN-52 another screen takes the focus of the one before to its heading', () => {
    show(<button type="button">Knock</button>);
    root.querySelector('button')?.focus();
    show(<Screen name="one" gone={true} />);
    expect(document.activeElement).toBe(root.querySelector('h1'));
  });

  test('SPEAK-2 SCREEN-52 whoever had no focus gets none', async () => {
    show(<button type="button">Knock</button>);
    root.querySelector('button')?.focus();
    root.querySelector('button')?.blur();
    await Promise.resolve();
    show(<Screen name="one" gone={false} />);
    show(<Screen name="two" gone={true} />);
    expect(document.activeElement).toBe(document.body);
  });
});

test('SPEAK-10 a form in the place of its button has the focus, and gives it back', () => {
  function Part({ open }: { open: boolean }) {
    useFormInPlace(open, 'heading', 'button');
    if (!open) return <button type="button" id="button" />;
    return (
      <form>
        <h2 id="heading" tabIndex={-1}>
          The plan
        </h2>
      </form>
    );
  }
  show(<Part open={false} />);
  expect(document.activeElement, 'nothing was opened yet').toBe(document.body);
  for (const open of [true, false, true]) {
    show(<Part open={open} />);
    expect(document.activeElement?.id).toBe(open ? 'heading' : 'button');
  }
});

describe('what is said aloud', () => {
  test('SPEAK-1 two regions are empty until something is said and none is swallowed', () => {
    const time = new FakeTime();
    const announcer = createAnnouncer(document, time.timers);
    const polite = document.getElementById('polite');
    const assertive = document.getElementById('assertive');
    expect([polite?.textContent, assertive?.textContent]).toEqual(['', '']);
    announcer.say('Group discussion. Think aloud together.');
    announcer.say('Ada is here.');
    announcer.say('Ada is here.');
    announcer.interrupt('Ruth needs a pause.');
    const heard = [polite?.textContent];
    expect(assertive?.textContent).toBe('Ruth needs a pause.');
    for (let second = 0; second < 3; second += 1) {
      time.advance(1_000);
      heard.push(polite?.textContent);
    }
    expect(heard).toEqual(['Group discussion. Think aloud together.', 'Ada is here.', '', '']);
    // Afterwards the same words are news again.
    announcer.say('Ada is here.');
    expect(polite?.textContent).toBe('Ada is here.');
  });
});

describe('lists and codes', () => {
  test('T18 names are text whatever they hold', () => {
    show(
      <Rows items={[{ key: 1, main: '<img src=x onerror=alert(1)>', side: 'facilitator', current: true }]} />,
    );
    expect(root.querySelector('img')).toBeNull();
    expect(root.querySelector('li')?.getAttribute('aria-current')).toBe('true');
    expect(root.querySelector('li span')?.textContent).toBe('<img src=x onerror=alert(1)>');
  });

  test('LOBBY-4 a code is drawn dark on white with words', () => {
    show(<QrCode text="https://attune.example/s#a.b.c" label="Code to scan: opens the link to join" />);
    const code = root.querySelector('svg');
    expect(code?.getAttribute('role')).toBe('img');
    expect(code?.getAttribute('aria-label')).toContain('Code to scan');
    expect(code?.querySelectorAll('path')).toHaveLength(2);
  });

  test('LOBBY-4 squares are drawn in runs', () => {
    const rows = [
      [false, true, true],
      [true, false, true],
    ];
    expect(drawSquares(rows)).toBe('M1 0h2v1H1zM0 1h1v1H0zM2 1h1v1H2z');
  });
});
