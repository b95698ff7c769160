const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-WRL3LIDA.js";
import "./chunk-ULXTFG3C.js";
export {
  exec,
  getExecOutput
};
