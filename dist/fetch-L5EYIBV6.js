const require = process.getBuiltinModule;
import {
  fetchFiles,
  fetchSnapshot,
  makeFolder
} from "./chunk-Y2N73SWE.js";
import "./chunk-VKX4BICM.js";
import "./chunk-TGYQTF5H.js";
import "./chunk-4VYR3FMV.js";
import "./chunk-2SQK2H5V.js";
import "./chunk-ZDX6KC25.js";
export {
  fetchFiles,
  fetchSnapshot,
  makeFolder
};
