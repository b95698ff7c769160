const require = process.getBuiltinModule;
import {
  build,
  openDoor
} from "./chunk-FTZLIIWB.js";
import "./chunk-ZDX6KC25.js";

// src/main.ts
await openDoor(build);
