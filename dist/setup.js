const require = process.getBuiltinModule;
import {
  prepareJob,
  runAction
} from "./chunk-J6WTHVD7.js";
import "./chunk-ZDX6KC25.js";

// src/setup.ts
await runAction(prepareJob);
