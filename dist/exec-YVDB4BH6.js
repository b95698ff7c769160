const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-TT5AWAN6.js";
import "./chunk-WOXTMBBK.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
