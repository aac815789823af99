/** One fault and what must be true afterwards. */
export interface Scenario {
  readonly name: string;
  /**
   * Makes the fault, lets the node recover and judges.
   * @returns which of the right things the node did, where there are several; they are counted.
   * @throws Error when anything is not as it must be; NotReached; Unable.
   */
  run(): Promise<string | void>;
}

/** Scenarios of one kind that share what they need. */
export interface FaultGroup {
  /** One word. */
  readonly name: string;
  readonly title: string;
  /** Of the short run's time, as parts of 100. */
  readonly share: number;
  /** @param defer runs at the end, last first, whatever happened. @throws Unable when this machine cannot do it at all. */
  open(defer: Defer): Promise<readonly Scenario[]>;
}

export type Defer = (dispose: () => unknown) => void;

/** This machine cannot make the fault; counted as skipped, by name. */
export class Unable extends Error {
  override readonly name = 'Unable';
}

/** The program did not come to the place where the fault waited; the scenario proves nothing. */
export class NotReached extends Error {
  override readonly name = 'NotReached';
}
