/** What each backend can do, asked of the backends' own tables. */
import {
  type Backend,
  type Delivery,
  type DeliveryKind,
  type Engine,
  type FeatureName,
  type Features,
  isUnsupported,
  type Plan,
} from "../../../src/backends/backend.ts";
import { BACKENDS } from "../../../src/backends/index.ts";
import { parsePlatform } from "../../../src/oci/platform.ts";
import { parseReference } from "../../../src/oci/reference.ts";
import { table } from "./metadata.ts";

interface Column {
  readonly title: string;
  readonly backend: Backend;
  readonly engine: Engine;
}

const COLUMNS: readonly Column[] = BACKENDS.flatMap((backend) => [
  { title: backend.name, backend, engine: backend.assumed },
  ...(backend.assumed.store === undefined
    ? []
    : [
        { title: `${backend.name}, classic store`, backend, engine: { ...backend.assumed, store: "classic" as const } },
      ]),
]);

type Cases<F extends FeatureName> = readonly (readonly [row: string, value: Features[F]])[];

const amd64 = parsePlatform("linux/amd64");
const arm64 = parsePlatform("linux/arm64");

/** Total, so that the compiler asks for the row of a new feature. Values are those on which answers differ. */
const CASES: { readonly [F in FeatureName]: Cases<F> } = {
  builder: [
    ["`builder`: a name", "mine"],
    ["`builder`: an address", "tcp://buildkitd:1234"],
    ["`builder`: several addresses, or `kubernetes://`", "tcp://amd64:1234\ntcp://arm64:1234"],
  ],
  builderKeys: [["`builder-ca`, `builder-cert`, `builder-key`", { ca: "/ca.pem" }]],
  platforms: [
    ["`platforms`: one", [amd64]],
    ["`platforms`: several", [amd64, arm64]],
  ],
  format: [
    ["`format: oci`", "oci"],
    ["`format: docker`", "docker"],
  ],
  compression: [
    ["`compression: gzip`", { format: "gzip" }],
    ["`compression: zstd`", { format: "zstd" }],
    ["`compression: none`", { format: "none" }],
  ],
  epoch: [["`source-date-epoch`", { seconds: 1_700_000_000, rewrite: true }]],
  pull: [["`pull`", true]],
  noCache: [["`no-cache`", true]],
  noCacheFilters: [["`no-cache-filters`", ["environment"]]],
  cacheFrom: [["`cache-from`", ["type=registry,ref=r/c"]]],
  cacheTo: [["`cache-to`", ["type=registry,ref=r/c"]]],
  cache: [
    ["`cache: registry`", { kind: "registry", repository: { domain: "r", path: "c" }, tag: "t", write: true }],
    ["`cache: gha`", { kind: "gha", scope: "s", write: true }],
    ["`cache: local`", { kind: "local", directory: "/c", write: true }],
    ["`cache: inline`", { kind: "inline", image: { domain: "r", path: "c", tag: "t" }, write: true }],
  ],
  target: [["`target`", "environment"]],
  buildArgs: [["`build-args`", { A: "b" }]],
  cacheMounts: [["cache mounts separated by repository and trust", "a"]],
  contexts: [["`build-contexts`: directories", [{ name: "a", directory: "/a" }]]],
  remoteContexts: [["`build-contexts`: images", { a: "docker-image://a" }]],
  secrets: [["`secrets`, `secret-envs`, `secret-files`", [{ id: "a", path: "/a" }]]],
  ssh: [["`ssh`", ["default"]]],
  labels: [
    ["`labels`", { a: "b" }],
    ["`labels` with `$` or line breaks", { "a.label": "$b" }],
  ],
  annotations: [
    ["`annotations`", { a: "b" }],
    ["`annotations` of an index, a descriptor or one platform", { "index:a": "b" }],
  ],
  attests: [["`provenance`, `sbom`, `attests`", { provenance: "mode=max" }]],
  addHosts: [["`add-hosts`", ["a:10.0.0.1"]]],
  network: [["`network`", "host"]],
  allow: [["`allow`", ["network.host"]]],
  shmSize: [["`shm-size`", "128m"]],
  ulimits: [["`ulimit`", ["nofile=1024"]]],
  cgroupParent: [["`cgroup-parent`", "/a"]],
  // Asked by the action itself, of every backend.
  strictBase: [],
  // Answered by the configuration of an engine, see docs/setup.md.
  registryMirrors: [],
  insecureRegistries: [],
  registryAuthorities: [],
};

/** What every plan asks. */
const PLAIN: Plan["features"] = {
  format: "oci",
  compression: { format: "gzip" },
  epoch: { seconds: 0, rewrite: true },
  pull: false,
  strictBase: "by-argument",
};

const DELIVERIES: { readonly [K in DeliveryKind]: readonly [row: string, delivery: Extract<Delivery, { kind: K }>] } = {
  push: ["`push`", { kind: "push" }],
  "push-by-digest": ["`push-by-digest`", { kind: "push-by-digest" }],
  load: ["`load`", { kind: "load" }],
  layout: ["`output: oci:DIRECTORY`", { kind: "layout", path: "/out" }],
  "oci-archive": ["`output: oci-archive:FILE`", { kind: "oci-archive", path: "/out.tar" }],
  "docker-archive": ["`output: docker-archive:FILE`", { kind: "docker-archive", path: "/out.tar" }],
};

/** Reasons in the order of their numbers. */
type Reasons = string[];

function answerOf<F extends FeatureName>(name: F, value: Features[F], { backend, engine }: Column, reasons: Reasons) {
  const cell = backend.features[name];
  if (typeof cell === "function") return told(cell(value, engine, { [name]: value }), reasons);
  if (!("render" in cell)) return told(cell, reasons);
  const said = told(cell.render(value, engine, { [name]: value }), reasons);
  return said === YES ? `${cell.component} ≥ ${cell.since}` : said;
}

const YES = "✓";

function told(answer: object, reasons: Reasons): string {
  if (!isUnsupported(answer)) return YES;
  if (!reasons.includes(answer.unsupported)) reasons.push(answer.unsupported);
  return `– (${reasons.indexOf(answer.unsupported) + 1})`;
}

function featureRows<F extends FeatureName>(name: F, reasons: Reasons): readonly (readonly string[])[] {
  const cases: Cases<F> = CASES[name];
  return cases.map(([row, value]) => [row, ...COLUMNS.map((column) => answerOf(name, value, column, reasons))]);
}

function deliveryRow<K extends DeliveryKind>(kind: K, reasons: Reasons): readonly string[] {
  const [row, delivery] = DELIVERIES[kind];
  const plan: Plan = {
    dockerfile: "/Dockerfile",
    context: "/context",
    references: [parseReference("a/b:c")],
    features: PLAIN,
    constructs: [],
    deliveries: [delivery],
    extraArgs: [],
    scratch: "/scratch",
    kept: "/kept",
  };
  return [
    row,
    ...COLUMNS.map(({ backend, engine }) => told(backend.deliveries[kind](delivery, plan, engine), reasons)),
  ];
}

export function backendMatrix(): string {
  const reasons: Reasons = [];
  const names = Object.keys(CASES) as readonly FeatureName[];
  const kinds = Object.keys(DELIVERIES) as readonly DeliveryKind[];
  const rows = [
    ...names.flatMap((name) => featureRows(name, reasons)),
    ...kinds.map((kind) => deliveryRow(kind, reasons)),
  ];
  const numbered = reasons.map((reason, index) => `${index + 1}. ${reason}`);
  return `${table(["", ...COLUMNS.map(({ title }) => title)], rows)}\n\n${numbered.join("\n")}`;
}

export function requirementTable(): string {
  const rows = BACKENDS.flatMap(({ name, title, requires }) =>
    requires.map(({ component, minimum, because }, index) => [
      index === 0 ? `\`${name}\`` : "",
      index === 0 ? title : "",
      `${component} ≥ ${minimum}: ${because}`,
    ]),
  );
  return table(["Backend", "What it is", "Needs"], rows);
}
