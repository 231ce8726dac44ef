// The parts of a method at a glance: as long as they are, with who speaks in each.
import type { Light } from '../kit/state';
import { words } from '../locales';
import { more } from '../locales/more';
import { Glyph } from '../parts/Glyph';
import type { Method, PlanPhase } from '../protocol';

/** Who speaks in a part, as a picture tells it. */
export type Speaks = 'presenter' | 'group' | 'answers' | 'all' | 'one' | 'nobody';

const glyphs: Readonly<Record<Speaks, Light>> = {
  presenter: 'speaking',
  group: 'listening',
  answers: 'responding',
  all: 'together',
  one: 'closed',
  nobody: 'closed',
};

/** Who speaks in a part. */
export function whoSpeaks({ floor, presenter }: PlanPhase): Speaks {
  if (floor.mode === 'none') return 'nobody';
  if (presenter === 'speaking') return 'presenter';
  const single = floor.mode === 'single';
  if (!floor.speakers.includes('presenter')) return single ? 'one' : 'group';
  if (presenter === 'answering' || presenter === 'responding') return 'answers';
  return 'all';
}

/** The minutes of a method as it stands. */
export const minutesOfMethod = ({ phases }: Method): number =>
  phases.reduce((sum, { chosen, plan }) => sum + (chosen ? plan.minutes : 0), 0);

/** The picture: a list, whose words are read aloud. */
export function Shape({ method }: { readonly method: Method }) {
  const { shape } = more;
  return (
    <ol class="shape" aria-label={shape.label}>
      {method.phases
        .filter(({ chosen }) => chosen)
        .map(({ title, plan }) => {
          const speaks = whoSpeaks(plan);
          return (
            <li key={plan.id} style={{ flexGrow: plan.minutes }} class={speaks}>
              <Glyph light={glyphs[speaks]} />
              <span class="vh">{shape.part(title, words.minutes(plan.minutes), shape.speaks[speaks])}</span>
            </li>
          );
        })}
    </ol>
  );
}

/** What the signs mean. */
export function ShapeKey() {
  const { shape } = more;
  const shown = ['presenter', 'group', 'answers', 'all', 'nobody'] as const;
  return (
    <ul class="shape-key" aria-label={shape.key}>
      {shown.map((speaks) => (
        <li key={speaks}>
          <Glyph light={glyphs[speaks]} />
          {shape.signs[speaks]}
        </li>
      ))}
    </ul>
  );
}
