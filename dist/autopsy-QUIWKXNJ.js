const require = process.getBuiltinModule;
import {
  Failure,
  addressOf,
  askBriefly
} from "./chunk-FTZLIIWB.js";
import "./chunk-ZDX6KC25.js";

// src/script/autopsy.ts
async function nameSilent(error, { backend, engine, env }, world, keys) {
  const { autopsy } = backend;
  if (!(error instanceof Failure) || error.class !== "engine" || autopsy === void 0) return error;
  const builder = addressOf(backend, engine.builder, env);
  const { tool = backend.tool, args } = autopsy.question(builder, keys);
  const answer = await askBriefly({ tool, args, env }, world);
  const silent = autopsy.silent(answer, builder === void 0 ? engine : { ...engine, builder });
  return silent === void 0 || silent.length === 0 ? error : retell(error, silent);
}
function retell(failure, silent) {
  const { lines, position } = failure;
  const answers = silent.length === 1 ? "answers" : "answer";
  return new Failure("engine", `${silent.join(" and ")} no longer ${answers}: ${failure.message}`, {
    lines,
    cause: failure,
    ...position === void 0 ? {} : { position },
    code: "NodeDead",
    hint: "The daemon's own log on that machine tells why it ended, or its kernel's log when the memory was full; start it there and try again."
  });
}
export {
  nameSilent
};
