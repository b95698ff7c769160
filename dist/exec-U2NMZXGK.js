const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-AHOVL4XI.js";
import "./chunk-R4RK45PA.js";
import "./chunk-XMSA36XW.js";
export {
  exec,
  getExecOutput
};
