const require = process.getBuiltinModule;
import {
  fetchFiles,
  fetchSnapshot,
  makeFolder
} from "./chunk-GHDEAN37.js";
import "./chunk-I53E3NJ6.js";
import "./chunk-JYF7KFO6.js";
import "./chunk-DERAUSUC.js";
import "./chunk-FVKZJ5J4.js";
import "./chunk-ZDX6KC25.js";
export {
  fetchFiles,
  fetchSnapshot,
  makeFolder
};
