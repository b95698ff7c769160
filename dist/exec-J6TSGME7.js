const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-KO7LEWMC.js";
import "./chunk-SRXMJMPV.js";
export {
  exec,
  getExecOutput
};
