const require = process.getBuiltinModule;
import {
  AbortError,
  makeRetriable,
  pRetry
} from "./chunk-E3U6JMMS.js";
import "./chunk-X4LXKBUS.js";
import "./chunk-ZDX6KC25.js";
export {
  AbortError,
  pRetry as default,
  makeRetriable
};
