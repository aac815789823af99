import { onStopRequest } from './stop-request.mjs';

/**
 * Keeps several programs together: when one ends, or a stop is asked for, all of them are stopped.
 * The exit code is 0 after a stop that was asked for, else 1.
 */
export class Supervisor {
  #programs = [];
  #stopping;
  #cleanUps = [];

  constructor() {
    onStopRequest(
      () => void this.stop(),
      () => this.#force(),
    );
  }

  get isStopping() {
    return this.#stopping !== undefined;
  }

  /** @returns {Promise<object | undefined>} the ports of `program`, or undefined when everything is being stopped */
  async add(program) {
    this.#programs.push(program);
    void program.exited.then((result) => this.#onExit(program, result));
    if (this.isStopping) void program.stop();
    const ports = await program.listening;
    return this.isStopping ? undefined : ports;
  }

  /** Stops one program and lets the others run. */
  async remove(program) {
    this.#programs = this.#programs.filter((each) => each !== program);
    await program.stop();
  }

  /** @param {() => void} cleanUp called after the last program has ended */
  afterwards(cleanUp) {
    this.#cleanUps.push(cleanUp);
  }

  stop() {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  async #stopAll() {
    await Promise.all(this.#programs.map((program) => program.stop()));
    for (const cleanUp of this.#cleanUps) cleanUp();
  }

  #force() {
    process.exitCode = 130;
    for (const program of this.#programs) program.kill();
  }

  #onExit(program, { code, signal }) {
    if (this.isStopping || !this.#programs.includes(program)) return;
    process.exitCode = 1;
    // A program that could not start has said why.
    if (program.hasListened) {
      console.error(`${program.name} stopped unexpectedly (${signal ?? `exit code ${code}`}): stopping everything.`);
    }
    void this.stop();
  }
}
