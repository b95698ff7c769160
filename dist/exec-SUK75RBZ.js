const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-SYENSQRS.js";
import "./chunk-NK4VRFXM.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
