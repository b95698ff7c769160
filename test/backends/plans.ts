import type { Delivery, Features, Plan, RequiredFeatures } from "../../src/backends/backend.ts";
import { parseReference } from "../../src/oci/reference.ts";
import type { NonEmpty } from "../../src/values.ts";

/** The features of every plan, with their defaults. */
export const REQUIRED: RequiredFeatures = {
  platforms: [{ os: "linux", architecture: "amd64" }],
  format: "oci",
  compression: { format: "gzip" },
  epoch: { seconds: 315_619_200, rewrite: true },
  pull: false,
  strictBase: "by-dockerfile",
};

/** A plan with the features of every plan and these. */
export function planOf(
  features: Partial<Features>,
  deliveries: NonEmpty<Delivery>,
  tags: NonEmpty<string> = ["registry.example.com/acme/iris:1.4.0"],
): Plan {
  const [first, ...others] = tags;
  return {
    dockerfile: "/temp/iris/Dockerfile",
    context: "/bentos/iris/1",
    references: [parseReference(first), ...others.map(parseReference)],
    features: { ...REQUIRED, ...features },
    constructs: [],
    deliveries,
    extraArgs: [],
    scratch: "/temp/scratch",
    kept: "/temp/kept",
  };
}
