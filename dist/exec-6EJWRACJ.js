const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-LUACTV47.js";
import "./chunk-T7XX2QN3.js";
export {
  exec,
  getExecOutput
};
