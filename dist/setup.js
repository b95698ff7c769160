const require = process.getBuiltinModule;
import {
  openDoor,
  prepareJob
} from "./chunk-B73YXMZY.js";
import "./chunk-ZDX6KC25.js";

// src/setup.ts
await openDoor(prepareJob);
