const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-67FEC4DZ.js";
import "./chunk-GXUPSREJ.js";
export {
  exec,
  getExecOutput
};
