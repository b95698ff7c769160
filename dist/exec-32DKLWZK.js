const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-BSYJRHRK.js";
import "./chunk-X4LXKBUS.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
