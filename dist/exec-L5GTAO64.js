const require = process.getBuiltinModule;
import {
  exec,
  getExecOutput
} from "./chunk-KPIQG4DA.js";
import "./chunk-5HCF7RAG.js";
export {
  exec,
  getExecOutput
};
