const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-BICGZL44.js";
import "./chunk-J6WTHVD7.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
