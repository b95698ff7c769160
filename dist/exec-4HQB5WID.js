const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-J2L6RSG7.js";
import "./chunk-6JXTLVYO.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
