import { ProtocolError } from '../errors';

interface TextRule {
  readonly min?: number;
  /** UTF-16 units. */
  readonly max: number;
  readonly pattern?: RegExp;
}

/** A word of an enumeration, also of one that has grown. */
const WORD_RULE = { min: 1, max: 64 };

/** Reads the fields of one message from the wire. Fields that nobody reads are ignored: a later version may add some. */
export class MessageReader {
  private readonly fields: Readonly<Record<string, unknown>>;

  /** @throws ProtocolError MALFORMED_MESSAGE unless `value` is an object; so do all the readers for a field of the wrong shape. */
  constructor(
    private readonly message: string,
    value: unknown,
  ) {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new ProtocolError('MALFORMED_MESSAGE', `${message} is not an object`);
    }
    this.fields = value as Record<string, unknown>;
  }

  /** Own fields only, so that a missing one is never found in a prototype. */
  value(key: string): unknown {
    return Object.hasOwn(this.fields, key) ? this.fields[key] : undefined;
  }

  has(key: string): boolean {
    return this.value(key) !== undefined;
  }

  text(key: string, { min = 0, max, pattern }: TextRule): string {
    const value = this.value(key);
    if (typeof value !== 'string') return this.fail(key, 'is not a string');
    if (value.length < min || value.length > max) {
      return this.fail(key, `has ${value.length} characters, allowed ${min} to ${max}`);
    }
    if (pattern && !pattern.test(value)) return this.fail(key, 'has the wrong form');
    return value;
  }

  optionalText(key: string, rule: TextRule): string | undefined {
    return this.has(key) ? this.text(key, rule) : undefined;
  }

  integer(key: string, min: number, max: number): number {
    const value = this.value(key);
    if (!isIntegerIn(value, min, max)) {
      return this.fail(key, `is not an integer from ${min} to ${max}`);
    }
    return value;
  }

  optionalInteger(key: string, min: number, max: number): number | undefined {
    return this.has(key) ? this.integer(key, min, max) : undefined;
  }

  list(key: string, max: number): readonly unknown[] {
    const value = this.value(key);
    if (!Array.isArray(value)) return this.fail(key, 'is not a list');
    if (value.length > max) return this.fail(key, `has ${value.length} items, limit ${max}`);
    return value;
  }

  /** For what newer devices may extend: a word that is not known is read as `fallback`. */
  oneOf<T extends string>(key: string, allowed: readonly T[], fallback: T): T {
    const value = this.text(key, WORD_RULE);
    return allowed.find((item) => item === value) ?? fallback;
  }

  flag(key: string): boolean {
    const value = this.value(key);
    return typeof value === 'boolean' ? value : this.fail(key, 'is neither true nor false');
  }

  fail(key: string, why: string): never {
    throw new ProtocolError('MALFORMED_MESSAGE', `${this.message}.${key} ${why}`);
  }
}

/** Negative zero is refused: it is an integer that other readers print differently. */
export function isIntegerIn(value: unknown, min: number, max: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max && !Object.is(value, -0);
}
