/**
 * Compares two well-formed strings by their UTF-8 bytes without encoding them. The order of UTF-16 differs only for
 * surrogates, which encode the last characters: https://www.unicode.org/faq/utf_bom.html#utf16-11
 */
export function compareBytes(one: string, other: string): number {
  const length = Math.min(one.length, other.length);
  for (let index = 0; index < length; index++) {
    const left = one.charCodeAt(index);
    const right = other.charCodeAt(index);
    if (left !== right) return rankOf(left) - rankOf(right);
  }
  return one.length - other.length;
}

const FIRST_SURROGATE = 0xd800;
const AFTER_SURROGATES = 0xe000;
const UNITS = 0x10000;

function rankOf(unit: number): number {
  return unit >= FIRST_SURROGATE && unit < AFTER_SURROGATES ? unit + UNITS : unit;
}
