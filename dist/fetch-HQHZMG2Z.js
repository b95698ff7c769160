const require = process.getBuiltinModule;
import {
  fetchFiles,
  fetchSnapshot,
  makeFolder
} from "./chunk-RXPDOGWE.js";
import "./chunk-HSW6G4XX.js";
import "./chunk-QUSIMULJ.js";
import "./chunk-4VYR3FMV.js";
import "./chunk-FTZLIIWB.js";
import "./chunk-ZDX6KC25.js";
export {
  fetchFiles,
  fetchSnapshot,
  makeFolder
};
