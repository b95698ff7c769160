const require = process.getBuiltinModule;
import {
  build,
  openDoor
} from "./chunk-5E5L6I3A.js";
import "./chunk-ZDX6KC25.js";

// src/main.ts
await openDoor(build);
