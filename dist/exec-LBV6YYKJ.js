const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-2CRI7EFV.js";
import "./chunk-ORPABOQC.js";
export {
  exec,
  getExecOutput
};
