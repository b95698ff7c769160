const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-GDMVTEQB.js";
import "./chunk-5E5L6I3A.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
