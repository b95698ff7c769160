const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-QG4C6CIV.js";
import "./chunk-P2L2GR26.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
