import { annotations, attestation, attestations } from "./attestations.ts";
import type { Schema, ValuesOf } from "./decode-schema.ts";
import {
  argv,
  buildArguments,
  compression,
  epoch,
  items,
  lines,
  oneOf,
  pairs,
  platforms,
  references,
  repositoryOrOff,
  required,
  secretKey,
  secretPairs,
  secretVariables,
  someOf,
  text,
  toggle,
  wholeNumber,
} from "./decoder.ts";
import { engineSchema } from "./engine-schema.ts";
import type { Output } from "./exporters.ts";
import { outputs } from "./outputs.ts";

/** What `bentoml containerize --enable-features` accepts. Source: BentoML 1.4.38, bentoml/_internal/container/__init__.py. */
const FEATURES = [
  ...["all", "aws", "grpc", "grpc-channelz", "grpc-reflection", "io", "io-file", "io-image", "io-json", "io-pandas"],
  ...["monitor-otlp", "tracing", "tracing-jaeger", "tracing-otlp", "tracing-zipkin", "triton"],
];

/** Every input of action.yml and how it is read. Defaults are in action.yml only; a contract test compares the two. */
export const schema = {
  bento: required("./dist/iris.bento"),
  "bentoml-home": text("./bentoml"),
  dockerfile: text("generated"),
  "enable-features": someOf("grpc", FEATURES),
  ...engineSchema,
  tags: references("ghcr.io/acme/iris:1.4.0"),
  platforms: platforms("linux/amd64"),
  labels: pairs("org.opencontainers.image.vendor=Acme"),
  annotations: annotations("org.opencontainers.image.description=Iris"),
  provenance: attestation("mode=max"),
  sbom: attestation("true"),
  attests: attestations("type=provenance,mode=max"),
  "build-args": buildArguments("PIP_INDEX_URL=https://pypi.example.com/simple"),
  target: text("environment"),
  format: oneOf("oci", "docker"),
  compression: compression("zstd:3"),
  "source-date-epoch": epoch("1700000000"),
  assembly: oneOf("auto", "direct", "backend"),
  "environment-cache": repositoryOrOff("ghcr.io/acme/iris-environments"),
  "cache-key": secretKey("${{ secrets.CACHE_KEY }}"),
  "verify-models": toggle(),
  "if-exists": oneOf("build", "skip"),
  "model-artifact": toggle(),
  push: toggle(),
  "push-by-digest": toggle(),
  "digest-file": text("./digests"),
  load: toggle(),
  output: outputs("oci:./image"),
  cache: oneOf("auto", "off", "registry", "gha", "local", "inline"),
  "cache-from": lines("type=registry,ref=ghcr.io/acme/iris:cache"),
  "cache-to": lines("type=registry,ref=ghcr.io/acme/iris:cache,mode=max"),
  "no-cache": toggle(),
  "no-cache-filters": items("environment"),
  pull: toggle(),
  secrets: secretPairs("HF_TOKEN=${{ secrets.HF_TOKEN }}"),
  "secret-envs": secretVariables("HF_TOKEN"),
  "secret-files": pairs("netrc=/home/me/.netrc"),
  ssh: lines("default"),
  "registry-auth-file": text("/run/user/1000/auth.json"),
  "add-hosts": items("pypi.internal:10.0.0.7"),
  allow: items("network.host"),
  "build-contexts": pairs("extras=./extras"),
  "cgroup-parent": text("/ci"),
  network: text("host"),
  "shm-size": text("128m"),
  ulimit: items("nofile=1024:2048"),
  "extra-args": argv("--debug"),
  timeout: wholeNumber("60", 1),
  "dry-run": toggle(),
  summary: toggle(),
} satisfies Schema;

/** Old name → new name: inputs of BentoML's own action, which are accepted with a note. */
export const RENAMED = { "bento-tag": "bento", "oci-backend": "backend", outputs: "output" } as const;

/** The decoded values; their names are those of action.yml in camel case. */
export type Values = ValuesOf<typeof schema>;

/** The inputs of a run: docker's exporters are resolved to the inputs that mean the same, build arguments to their values. */
export interface Inputs extends Omit<Values, "output" | "buildArgs"> {
  readonly output: readonly Output[];
  readonly buildArgs: Readonly<Record<string, string>>;
}

/** Whether the image goes to registries, by tag or by digest. */
export function isPushed({ push, pushByDigest }: Pick<Inputs, "push" | "pushByDigest">): boolean {
  return push === true || pushByDigest === true;
}
