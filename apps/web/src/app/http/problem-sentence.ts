import type { Problem } from '@ferry/protocol';

/** The sentences of a problem, each once; for a validation problem what was wrong in each field. */
export function problemSentence(problem: Problem): string {
  const fields = problem.errors?.map(({ detail }) => endWithDot(detail)) ?? [];
  const detail = problem.detail || problem.title;
  if (fields.length === 0) return endWithDot(detail);
  const sentences = problem.code === 'validation' ? fields : [endWithDot(detail), ...fields];
  return [...new Set(sentences)].join(' ');
}

function endWithDot(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}
