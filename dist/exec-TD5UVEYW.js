const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-GBBKQKCJ.js";
import "./chunk-65IPECHQ.js";
export {
  exec,
  getExecOutput
};
