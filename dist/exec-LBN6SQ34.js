const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-HHBQ53J5.js";
import "./chunk-S632NVS2.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
