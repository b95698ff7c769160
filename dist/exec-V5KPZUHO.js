const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-KNDIWHGW.js";
import "./chunk-Q6M75T5N.js";
export {
  exec,
  getExecOutput
};
