/** What a run of the tests does, decided before it begins. */
export interface Plan {
  readonly projects: readonly Project[];
  /** Whether the long tests run too. */
  readonly full: boolean;
  /** What the machine cannot run, and why. */
  readonly leftOut?: {
    readonly what: string;
    readonly because: string;
    /** Whether it was asked for. */
    readonly isFailure: boolean;
  };
}

export type Project = "unit" | "dist" | "lab";

/**
 * A machine that cannot have the lab runs everything else, and that is well unless the lab was asked for. The bundles
 * refuse every system but Linux.
 * @param args `--lab` asks for the lab, `--full` for everything: the lab and its long tests.
 * @param env `CI` asks for the lab, with any value but "" and "false".
 * @param platform as in `process.platform`.
 * @param whyNoLab why this machine cannot have it; undefined when it can.
 * @throws Error when an argument is not known.
 */
export function planOf(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  { platform, whyNoLab }: { readonly platform: string; readonly whyNoLab: string | undefined },
): Plan {
  const unknown = args.find((arg) => !["--lab", "--full"].includes(arg));
  if (unknown !== undefined) throw new Error(`npm test knows --lab and --full, not ${unknown}`);
  const full = args.includes("--full");
  if (whyNoLab === undefined) return { projects: ["unit", "dist", "lab"], full };
  const isFailure = full || args.includes("--lab") || isCi(env);
  const left = { because: whyNoLab, isFailure };
  return platform === "linux"
    ? { projects: ["unit", "dist"], full, leftOut: { what: "the lab, six real engines", ...left } }
    : {
        projects: ["unit"],
        full,
        leftOut: { what: "what needs Linux: tests of engines, the bundles, the lab", ...left },
      };
}

/** Whether this is a machine of CI, which is left as it was found. */
export function isCi({ CI = "" }: Readonly<Record<string, string | undefined>>): boolean {
  return CI !== "" && CI !== "false";
}
