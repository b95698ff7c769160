const require = process.getBuiltinModule;
import {
  openDoor,
  prepareJob
} from "./chunk-RTCN2335.js";
import "./chunk-ZDX6KC25.js";

// src/setup.ts
await openDoor(prepareJob);
