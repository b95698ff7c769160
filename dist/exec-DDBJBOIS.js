const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-2N4RMWJT.js";
import "./chunk-YBH2ITAM.js";
export {
  exec,
  getExecOutput
};
