const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-J35BBQRV.js";
import "./chunk-JGF2PNCH.js";
import "./chunk-ZDX6KC25.js";
export {
  exec,
  getExecOutput
};
