const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-G2RLUQ57.js";
import "./chunk-CJCORJLJ.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
