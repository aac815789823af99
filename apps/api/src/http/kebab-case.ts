/** `isLength`, `LIMIT_FIELD_KEY` and `ADDRESS_INVALID` as `errors[].code` spells them: `is-length`, `limit-field-key`, `address-invalid`. */
export function kebabCase(name: string): string {
  return name
    .replaceAll('_', '-')
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase();
}
