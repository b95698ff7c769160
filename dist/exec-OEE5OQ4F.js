const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-FIO54CNM.js";
import "./chunk-RJEBSM2G.js";
export {
  exec,
  getExecOutput
};
