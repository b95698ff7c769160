import { BACKENDS } from "../../src/backends/index.ts";
import type { Invocation } from "../../src/machine/machine.ts";
import { type Answer, HEALTHY } from "../fakes/answers.ts";

/** Every program that a backend needs, or asks. */
export const ALL = [
  ...new Set(BACKENDS.flatMap(({ tool, questions }) => [tool, ...questions(undefined).map((one) => one.tool ?? tool)])),
];

/** A machine with these programs, which answer as healthy engines do where nothing else is said. */
export function probeSetting(tools: readonly string[] = ALL, answers: Readonly<Record<string, Answer>> = {}) {
  const asked: Invocation[] = [];
  const longest = Object.entries({ ...HEALTHY, ...answers }).sort(([one], [other]) => other.length - one.length);
  const processes = {
    which: async (tool: string) => (tools.includes(tool) ? `/bin/${tool}` : undefined),
    ask: () => Promise.reject(new Error("no helper to ask")),
    capture: async (invocation: Invocation) => {
      asked.push(invocation);
      const line = [invocation.tool, ...invocation.args].join(" ").replace(/ --addr \S+/, "");
      const [, answer = { code: 127 }] = longest.find(([key]) => line.startsWith(key)) ?? [];
      return { stdout: "", stderr: "", ...answer };
    },
    stream: () => Promise.reject(new Error("nothing is built here")),
  };
  return { machine: { processes }, asked };
}
