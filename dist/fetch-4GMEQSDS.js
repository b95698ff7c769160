const require = process.getBuiltinModule;
import {
  fetchFiles,
  fetchSnapshot,
  makeFolder
} from "./chunk-RUYYKAJB.js";
import "./chunk-BRCC5V2J.js";
import "./chunk-JEB56FUT.js";
import "./chunk-4VYR3FMV.js";
import "./chunk-6JXTLVYO.js";
import "./chunk-ZDX6KC25.js";
export {
  fetchFiles,
  fetchSnapshot,
  makeFolder
};
