const require = process.getBuiltinModule;

// late:crypto
var createHash = (...args) => process.getBuiltinModule("node:crypto").createHash(...args);
var randomUUID = (...args) => process.getBuiltinModule("node:crypto").randomUUID(...args);

export {
  createHash,
  randomUUID
};
