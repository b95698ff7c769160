const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-XON34R7G.js";
import "./chunk-2Q4FYPET.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
