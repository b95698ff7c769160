import { createRequire as __createRequire } from "node:module"; const require = __createRequire(import.meta.url);
import {
  AbortError,
  makeRetriable,
  pRetry
} from "./chunk-AHZ3B4LC.js";
import "./chunk-6TPKGVYP.js";
export {
  AbortError,
  pRetry as default,
  makeRetriable
};
