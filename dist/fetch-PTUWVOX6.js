const require = process.getBuiltinModule;
import {
  fetchFiles,
  fetchSnapshot,
  makeFolder
} from "./chunk-KJCK575F.js";
import "./chunk-WBAHAC7A.js";
import "./chunk-JEB56FUT.js";
import "./chunk-4VYR3FMV.js";
import "./chunk-V3PU6LOU.js";
import "./chunk-ZDX6KC25.js";
export {
  fetchFiles,
  fetchSnapshot,
  makeFolder
};
