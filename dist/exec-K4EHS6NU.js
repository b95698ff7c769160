const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-U2HSXGBL.js";
import "./chunk-V3PU6LOU.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
