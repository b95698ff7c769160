const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-3DLTQBOY.js";
import "./chunk-FNJIC7V2.js";
export {
  exec,
  getExecOutput
};
