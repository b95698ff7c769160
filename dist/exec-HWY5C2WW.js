const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-3KS7XQFL.js";
import "./chunk-3TB2QHME.js";
export {
  exec,
  getExecOutput
};
