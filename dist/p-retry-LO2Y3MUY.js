const require = process.getBuiltinModule;
import {
  AbortError,
  makeRetriable,
  pRetry
} from "./chunk-4QQRMYA2.js";
import "./chunk-ZDX6KC25.js";
export {
  AbortError,
  pRetry as default,
  makeRetriable
};
