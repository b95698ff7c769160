const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-YRKXQSCZ.js";
import "./chunk-3VVDPAHS.js";
export {
  exec,
  getExecOutput
};
