const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-AQHLM23E.js";
import "./chunk-JNCS72AM.js";
export {
  exec,
  getExecOutput
};
