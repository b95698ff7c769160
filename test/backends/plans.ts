import type { Delivery, Features, Plan } from "../../src/backends/backend.ts";
import { parseReference } from "../../src/oci/reference.ts";
import type { NonEmpty } from "../../src/values.ts";

/** What is always said, whatever the user asks. */
const ALWAYS = {
  platforms: [{ os: "linux", architecture: "amd64" }],
  format: "oci",
  compression: { format: "gzip" },
  epoch: { seconds: 315_619_200, rewrite: true },
  pull: false,
} satisfies Partial<Features>;

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
    features: { ...ALWAYS, ...features },
    deliveries,
    extraArgs: [],
    scratch: "/temp/scratch",
    kept: "/temp/kept",
  };
}
