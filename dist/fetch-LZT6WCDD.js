const require = process.getBuiltinModule;
import {
  fetchFiles,
  fetchSnapshot,
  makeFolder
} from "./chunk-TMDI5X46.js";
import "./chunk-PZQHF6EJ.js";
import "./chunk-SWW5SRFD.js";
import "./chunk-77OOFXIV.js";
import "./chunk-QR4HHSVU.js";
import "./chunk-ZDX6KC25.js";
export {
  fetchFiles,
  fetchSnapshot,
  makeFolder
};
