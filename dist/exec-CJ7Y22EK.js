const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-ZOHQE2CP.js";
import "./chunk-CAMDHUNN.js";
export {
  exec,
  getExecOutput
};
