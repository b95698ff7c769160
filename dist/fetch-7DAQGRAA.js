const require = process.getBuiltinModule;
import {
  fetchFiles,
  fetchSnapshot,
  makeFolder
} from "./chunk-OB6MRC7I.js";
import "./chunk-W2RDLGSP.js";
import "./chunk-NRY7642C.js";
import "./chunk-Z2VNPK4Q.js";
import "./chunk-QR4HHSVU.js";
import "./chunk-ZDX6KC25.js";
export {
  fetchFiles,
  fetchSnapshot,
  makeFolder
};
