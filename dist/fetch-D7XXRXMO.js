const require = process.getBuiltinModule;
import {
  fetchFiles,
  fetchSnapshot,
  makeFolder
} from "./chunk-ZSAJJUOI.js";
import "./chunk-OXCEOQFU.js";
import "./chunk-QUSIMULJ.js";
import "./chunk-4VYR3FMV.js";
import "./chunk-WOXTMBBK.js";
import "./chunk-ZDX6KC25.js";
export {
  fetchFiles,
  fetchSnapshot,
  makeFolder
};
