const require = process.getBuiltinModule;
import {
  fetchFiles,
  fetchSnapshot,
  makeFolder
} from "./chunk-7AFCPOEM.js";
import "./chunk-NLNKWS4B.js";
import "./chunk-TYDJACYB.js";
import "./chunk-4VYR3FMV.js";
import "./chunk-JGF2PNCH.js";
import "./chunk-ZDX6KC25.js";
export {
  fetchFiles,
  fetchSnapshot,
  makeFolder
};
