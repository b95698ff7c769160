const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-EWVLDFQZ.js";
import "./chunk-X7IQZWA3.js";
export {
  exec,
  getExecOutput
};
