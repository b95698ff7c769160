const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-QZQSIVOJ.js";
import "./chunk-DIVWM5PX.js";
export {
  exec,
  getExecOutput
};
