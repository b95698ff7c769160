const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-5JTDN6RT.js";
import "./chunk-G6PGS7LE.js";
export {
  exec,
  getExecOutput
};
