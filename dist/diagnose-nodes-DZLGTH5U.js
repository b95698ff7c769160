const require = process.getBuiltinModule;
import {
  Failure,
  addressOf,
  askBriefly
} from "./chunk-X4LXKBUS.js";
import "./chunk-ZDX6KC25.js";

// src/probe/diagnose-nodes.ts
async function describeUnreachable(error, { backend, engine, env }, machine, keys) {
  const { autopsy } = backend;
  if (!(error instanceof Failure) || error.class !== "engine" || autopsy === void 0) return error;
  const builder = addressOf(backend, engine.builder, env);
  const { tool = backend.tool, args } = autopsy.question(builder, keys);
  const answer = await askBriefly({ tool, args, env }, machine);
  const unreachable = autopsy.silent(answer, builder === void 0 ? engine : { ...engine, builder });
  return unreachable === void 0 || unreachable.length === 0 ? error : withUnreachable(error, unreachable);
}
function withUnreachable(failure, unreachable) {
  const { lines, position } = failure;
  const answers = unreachable.length === 1 ? "answers" : "answer";
  return new Failure("engine", `${unreachable.join(" and ")} no longer ${answers}: ${failure.message}`, {
    lines,
    cause: failure,
    ...position === void 0 ? {} : { position },
    code: "NodeDead",
    hint: "The daemon's own log on that machine tells why it ended, or its kernel's log when the memory was full; start it there and try again."
  });
}
export {
  describeUnreachable
};
