const require = process.getBuiltinModule;
import {
  build,
  openDoor
} from "./chunk-V3PU6LOU.js";
import "./chunk-ZDX6KC25.js";

// src/main.ts
await openDoor(build);
