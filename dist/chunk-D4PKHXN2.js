const require = process.getBuiltinModule;

// late:crypto
var randomUUID = (...args) => process.getBuiltinModule("node:crypto").randomUUID(...args);

export {
  randomUUID
};
