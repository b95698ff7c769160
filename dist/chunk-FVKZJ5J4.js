const require = process.getBuiltinModule;

// late:crypto
var createHash = (...args) => process.getBuiltinModule("node:crypto").createHash(...args);
var randomBytes = (...args) => process.getBuiltinModule("node:crypto").randomBytes(...args);
var randomUUID = (...args) => process.getBuiltinModule("node:crypto").randomUUID(...args);

export {
  createHash,
  randomBytes,
  randomUUID
};
