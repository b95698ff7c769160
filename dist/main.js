const require = process.getBuiltinModule;
import {
  build,
  openDoor
} from "./chunk-S632NVS2.js";
import "./chunk-ZDX6KC25.js";

// src/main.ts
await openDoor(build);
