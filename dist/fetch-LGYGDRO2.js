const require = process.getBuiltinModule;
import {
  fetchFiles,
  fetchSnapshot,
  makeFolder
} from "./chunk-XBIWORCY.js";
import "./chunk-H4DLD53F.js";
import "./chunk-5E5L6I3A.js";
import "./chunk-ZDX6KC25.js";
export {
  fetchFiles,
  fetchSnapshot,
  makeFolder
};
