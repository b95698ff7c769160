const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-C4FNCJBG.js";
import "./chunk-SXVCGU76.js";
export {
  exec,
  getExecOutput
};
