const require = process.getBuiltinModule;
import {
  removeEngine,
  runAction
} from "./chunk-3TB2QHME.js";

// src/post.ts
if (process.platform === "linux")
  await runAction(
    async (machine) => removeEngine({ ...machine, system: await machine.system() }, process.argv.slice(2))
  );
