import { defineConfig } from "vitest/config";

/** What reads /proc: engines are processes of Linux, and a private file is told by its descriptor. */
const LINUX_ONLY = ["test/engines/**", "test/**/{private-files,enclosed-files}.test.ts"];

/** unit: minutes, no engine. dist: the shipped bundle with fake tools on PATH. lab: six real engines. */
export default defineConfig({
  test: {
    tags: [
      {
        name: "github",
        description:
          "Needs actions from github.com, or in the directory LAB_ACTIONS: `npm run test:github` runs it alone.",
      },
      { name: "long", description: "Takes long and breaks rarely: `npm run test:full` runs it, `npm test` does not." },
    ],
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/**/*.test.ts"],
          exclude: ["test/{dist,lab}/**", ...(process.platform === "linux" ? [] : LINUX_ONLY)],
          // A hang is noticed; a machine that is busy with other work is none.
          testTimeout: 60_000,
          // Vitest's own choice leaves a core to itself: one worker on two cores.
          maxWorkers: "100%",
          globalSetup: "test/fuzz.ts",
          // It imports JSON in a way that Node refuses and vitest's own loader takes.
          server: { deps: { inline: [/@actions\/(?:workflow-parser|expressions)/] } },
        },
      },
      { test: { name: "dist", include: ["test/dist/**/*.test.ts"], testTimeout: 60_000, maxWorkers: "100%" } },
      {
        test: {
          name: "lab",
          globalSetup: "test/fuzz.ts",
          include: ["test/lab/**/*.test.ts"],
          testTimeout: 900_000,
          hookTimeout: 1_800_000,
          maxWorkers: 1,
        },
      },
    ],
  },
});
