const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-SPOFMWN7.js";
import "./chunk-B73YXMZY.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
