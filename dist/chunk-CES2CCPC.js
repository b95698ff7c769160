const require = process.getBuiltinModule;
import {
  require_compare
} from "./chunk-I5V5YWCP.js";
import {
  __commonJS
} from "./chunk-ZDX6KC25.js";

// node_modules/semver/functions/lt.js
var require_lt = __commonJS({
  "node_modules/semver/functions/lt.js"(exports, module) {
    "use strict";
    var compare = require_compare();
    var lt = (a, b, loose) => compare(a, b, loose) < 0;
    module.exports = lt;
  }
});

export {
  require_lt
};
