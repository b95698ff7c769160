const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-H3BS4IEH.js";
import "./chunk-2WSX4QAL.js";
export {
  exec,
  getExecOutput
};
