const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-7FFX37F3.js";
import "./chunk-UPRDS27D.js";
export {
  exec,
  getExecOutput
};
