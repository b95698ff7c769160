const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-HXQ44N2H.js";
import "./chunk-RTCN2335.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
