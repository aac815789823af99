import { Program } from './program.mjs';
import { Supervisor } from './supervisor.mjs';

/** Runs main.mjs again on the pinned Node, and ends with it. */
export async function start() {
  const supervisor = new Supervisor();
  await supervisor.add(new Program({ name: 'Ferry', script: 'main.mjs' }));
}
