const require = process.getBuiltinModule;

// src/bento/blob-name.ts
function sha256InName(path) {
  return /\/blobs\/([0-9a-f]{64})$/.exec(path)?.[1];
}

export {
  sha256InName
};
