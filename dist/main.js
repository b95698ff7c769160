const require = process.getBuiltinModule;
import {
  build,
  openDoor
} from "./chunk-2SQK2H5V.js";
import "./chunk-ZDX6KC25.js";

// src/main.ts
await openDoor(build);
