const require = process.getBuiltinModule;
import {
  fetchFiles,
  fetchSnapshot,
  makeFolder
} from "./chunk-IWA5VIJ2.js";
import "./chunk-AM7BIJWK.js";
import "./chunk-4HMU27SR.js";
import "./chunk-ZDX6KC25.js";
export {
  fetchFiles,
  fetchSnapshot,
  makeFolder
};
