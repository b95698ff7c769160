const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-2LSH2ITY.js";
import "./chunk-FTZLIIWB.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
