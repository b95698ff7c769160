const require = process.getBuiltinModule;
import {
  openDoor,
  prepareJob
} from "./chunk-P2L2GR26.js";
import "./chunk-ZDX6KC25.js";

// src/setup.ts
await openDoor(prepareJob);
