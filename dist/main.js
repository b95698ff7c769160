const require = process.getBuiltinModule;
import {
  build,
  runAction
} from "./chunk-X4LXKBUS.js";
import "./chunk-ZDX6KC25.js";

// src/main.ts
await runAction(build);
