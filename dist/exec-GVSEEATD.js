const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-TLAAQGNG.js";
import "./chunk-4B7CLCCB.js";
export {
  exec,
  getExecOutput
};
