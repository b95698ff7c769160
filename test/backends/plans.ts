import type { Delivery, Features, Plan, RequiredFeatures } from "../../src/backends/backend.ts";
import { parseReference } from "../../src/oci/reference.ts";
import type { NonEmpty } from "../../src/values.ts";

/** What every plan asks, as it is when the user says nothing. */
export const REQUIRED: RequiredFeatures = {
  platforms: [{ os: "linux", architecture: "amd64" }],
  format: "oci",
  compression: { format: "gzip" },
  epoch: { seconds: 315_619_200, rewrite: true },
  pull: false,
  strictBase: true,
};

/** Without the base's check, a flag of 600 characters that one golden shows, "everything a user may ask". */
const { strictBase: _, ...SHORT } = REQUIRED;

/** A plan that asks these features besides what every plan asks. */
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
    features: { ...SHORT, ...features } as Plan["features"],
    constructs: [],
    deliveries,
    extraArgs: [],
    scratch: "/temp/scratch",
    kept: "/temp/kept",
  };
}
