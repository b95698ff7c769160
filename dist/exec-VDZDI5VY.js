const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-NHX7ATKM.js";
import "./chunk-2SQK2H5V.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
