import type { Attestations } from "../inputs/attestations.ts";
import type { Inputs } from "../inputs/schema.ts";
import type { Env } from "../machine/machine.ts";

type Asked = Pick<Inputs, "attests" | "provenance" | "sbom">;

/** What is asked for by one input or the other; empty attributes of a provenance are said as BuildKit means them. */
export function attestationsOf({ attests, provenance, sbom }: Asked): Attestations {
  const all = { provenance, sbom, ...attests };
  return {
    ...(all.provenance === undefined ? {} : { provenance: all.provenance || "mode=min" }),
    ...(all.sbom === undefined ? {} : { sbom: all.sbom }),
  };
}

/** A provenance says who built; the address of the run, unless the user says another. */
export function withBuilderId(inputs: Inputs, env: Env): Inputs {
  const { provenance, ...others } = attestationsOf(inputs);
  const run = addressOfRun(env);
  if (provenance === undefined || run === undefined || /(?:^|,)builder-id=/.test(provenance)) return inputs;
  return { ...inputs, attests: { ...others, provenance: `${provenance},builder-id=${run}` } };
}

/** Source: https://docs.github.com/en/actions/reference/workflows-and-actions/variables */
function addressOfRun(env: Env): string | undefined {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: run } = env;
  if (!server || !repository || !run) return undefined;
  return `${server}/${repository}/actions/runs/${run}/attempts/${env["GITHUB_RUN_ATTEMPT"] ?? "1"}`;
}
