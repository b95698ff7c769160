const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-2XCRB24P.js";
import "./chunk-VEW5WYJV.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
