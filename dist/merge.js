const require = process.getBuiltinModule;
import {
  merge,
  runAction
} from "./chunk-5HCF7RAG.js";

// src/merge.ts
await runAction(merge);
