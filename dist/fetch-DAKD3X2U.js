const require = process.getBuiltinModule;
import {
  fetchFiles,
  fetchSnapshot,
  makeFolder
} from "./chunk-3I32GX2C.js";
import "./chunk-T626NG6F.js";
import "./chunk-CDAP7TIF.js";
import "./chunk-4VYR3FMV.js";
import "./chunk-X4LXKBUS.js";
import "./chunk-ZDX6KC25.js";
export {
  fetchFiles,
  fetchSnapshot,
  makeFolder
};
