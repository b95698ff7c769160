const require = process.getBuiltinModule;

// src/report/byte-size.ts
var UNITS = ["B", "kB", "MB", "GB", "TB"];
function printBytes(count) {
  const power = Math.min(Math.floor(Math.log10(Math.max(count, 1)) / 3), UNITS.length - 1);
  return `${(count / 1e3 ** power).toFixed(power === 0 ? 0 : 1)} ${UNITS[power]}`;
}

export {
  printBytes
};
