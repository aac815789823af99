import { readTests } from './test-results.mjs';

const TITLE = /^campaign (P\d): (.*?)(?: \((\d+) [a-z]+\))?$/;

/** What the generated campaigns of these projects did, for the terminal; nothing when none was run. */
export function campaignTable(projects) {
  const rows = projects
    .flatMap(({ name }) => readTests(name))
    .flatMap(({ title, status, duration }) => {
      const match = TITLE.exec(title);
      return match ? [{ id: match[1], what: match[2], runs: Number(match[3]), status, duration }] : [];
    })
    .sort((a, b) => a.id.localeCompare(b.id));
  if (rows.length === 0) return undefined;
  const lines = rows.map(({ id, what, runs, status, duration }) => {
    const counted = status === 'passed' ? `${runs}/${runs}` : `failed/${runs}`;
    return `${id}  ${counted.padStart(18)}  ${(duration / 1000).toFixed(1).padStart(7)} s  ${what}`;
  });
  return ['Generated campaigns (passed/total):', ...lines].join('\n');
}
