// Versions, which stores count and compare.

/**
 * The first version of a record, drawn so that no key sees one twice: a record that was removed and made anew is another
 * one to whoever looked before. Each write adds one, and SQLite keeps a JavaScript number below 2^51 as it is.
 */
export const firstVersion = () => Number(crypto.getRandomValues(new BigUint64Array(1))[0] >> 14n) + 1;
