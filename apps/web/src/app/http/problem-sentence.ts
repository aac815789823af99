import type { Problem } from '@ferry/protocol';

/** The sentence of a problem; for a validation problem with what was wrong in each field. */
export function problemSentence(problem: Problem): string {
  const fields = problem.errors?.map(({ detail }) => endWithDot(detail)) ?? [];
  const detail = problem.detail || problem.title;
  if (fields.length === 0) return endWithDot(detail);
  return problem.code === 'validation' ? fields.join(' ') : [endWithDot(detail), ...fields].join(' ');
}

function endWithDot(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
