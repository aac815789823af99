/** The environment as a program sees it. */
export type Env = Readonly<Record<string, string | undefined>>;

/** Turns the text of one variable into its value; throws `RangeError` saying what was expected. */
export type Parse<T> = (text: string) => T;

/** Every bad variable at once, so that one start shows all that has to be put right. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';

  constructor(readonly problems: readonly string[]) {
    super(`Invalid configuration\n${problems.map((problem) => `  ${problem}`).join('\n')}`);
  }
}

/** Reads variables one by one and keeps what is wrong with them until `finish`. */
export class EnvReader {
  private readonly problems: string[] = [];

  constructor(private readonly env: Env) {}

  /** The parsed value; `fallback` when the variable is absent, blank or bad. */
  read<T>(name: string, parse: Parse<T>, fallback: T): T {
    const text = this.env[name]?.trim();
    if (!text) return fallback;
    try {
      return parse(text);
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      this.problems.push(`${name}: ${error.message}, not ${JSON.stringify(text)}`);
      return fallback;
    }
  }

  /** Whether the variable is there and not blank. Its value is not looked at. */
  isSet(name: string): boolean {
    return Boolean(this.env[name]?.trim());
  }

  /** Adds a rule that concerns several variables, or a good value that cannot be accepted. */
  refuse(name: string, reason: string): void {
    this.problems.push(`${name}: ${reason}`);
  }

  /** @throws ConfigError when anything was wrong. */
  finish(): void {
    if (this.problems.length > 0) throw new ConfigError(this.problems);
  }
}
