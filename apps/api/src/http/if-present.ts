import { ValidateIf } from 'class-validator';

/** For a field that may be absent, but not null. */
export function IfPresent(): PropertyDecorator {
  return ValidateIf((_, value) => value !== undefined);
}
