const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-CXM3LD5C.js";
import "./chunk-MTX55SZ2.js";
export {
  exec,
  getExecOutput
};
