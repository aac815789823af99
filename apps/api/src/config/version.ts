/** Version of this program; the same as in the root package.json (a spec compares them). */
export const VERSION = '0.1.0';
