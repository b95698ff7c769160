const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-XK4TWEI5.js";
import "./chunk-I52OUKOA.js";
export {
  exec,
  getExecOutput
};
