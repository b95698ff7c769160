const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-SD5DKRG4.js";
import "./chunk-4HMU27SR.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
