import type { Attestations } from "../inputs/attestations.ts";
import type { Inputs } from "../inputs/schema.ts";
import type { Env } from "../machine/machine.ts";

type AttestationInputs = Pick<Inputs, "attests" | "provenance" | "sbom">;

/** The attestations that the inputs request together. A provenance without attributes is `mode=min`, as in BuildKit. */
export function attestationsOf({ attests, provenance, sbom }: AttestationInputs): Attestations {
  const all = { provenance, sbom, ...attests };
  return {
    ...(all.provenance === undefined ? {} : { provenance: all.provenance || "mode=min" }),
    ...(all.sbom === undefined ? {} : { sbom: all.sbom }),
  };
}

/** Adds the address of the workflow run to the provenance as its builder id, unless the user gave one. */
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
