const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-IGCCWVWM.js";
import "./chunk-FVPJBEYX.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
