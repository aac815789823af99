import type { Problem, ProblemCode } from '@ferry/protocol';
import type { Answer } from '@ferry/test-nodes';

/** A problem as RFC 9457 and DESIGN section 6 ask: right code, a sentence for the user, nothing of the inside. */
export function expectProblem(answer: Answer<Problem>, status: number, code: ProblemCode): void {
  const { body } = answer;
  expect({ status: answer.status, code: body.code, detail: body.detail }).toEqual({
    status,
    code,
    detail: expect.stringMatching(/^\S.{8,}$/s) as string,
  });
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  expect(body).toMatchObject({ type: `/problems/${code}`, status, title: expect.any(String) as string });
  expect(JSON.stringify(body)).not.toMatch(/\/tmp\/|node_modules|\.js:\d|\bat .+ \(/);
}
