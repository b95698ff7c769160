const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-ZEQCLGLY.js";
import "./chunk-T3QPSIZA.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
