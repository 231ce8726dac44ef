// The plan that a link to set-up brings: read, checked, and said.
import { useLayoutEffect } from 'preact/hooks';
import { more } from '../locales/more';
import type { Plan } from '../protocol';
import { readPlanCode } from './plan-file';

interface LinkedPlanProps {
  readonly code: string;
  readonly use: (plan: Plan) => void;
}

/** Hands the plan over once, and says that it did, or why not. */
export function LinkedPlan({ code, use }: LinkedPlanProps) {
  const read = readPlanCode(code);
  useLayoutEffect(() => {
    if (read.type === 'plan') use(read.plan);
  }, [code]);
  return (
    <p class="hint" role="status">
      {read.type === 'plan' ? more.setUp.linkPlan : more.setUp.linkProblems[read.type]}
    </p>
  );
}
