const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-BQ5YV5YA.js";
import "./chunk-I5VVGPTY.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
