const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-37VDSUXD.js";
import "./chunk-KXGS6OW5.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
