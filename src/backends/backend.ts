/** The contract of a backend: data, and pure functions from values to argv. A seventh backend answers what is declared here. */

import type { Captured } from "../machine/machine.ts";
import type { Compression } from "../oci/compression.ts";
import type { Platform } from "../oci/platform.ts";
import type { Reference, Repository } from "../oci/reference.ts";
import type { Construct, Dialect } from "../recipe/dialect.ts";
import type { ToolName } from "../tools/tool-request.ts";
import type { NonEmpty } from "../values.ts";

/** One argv item: text, or "what that file holds when the command starts" (an image id that an earlier command wrote). */
export type Argument = string | { readonly contentOf: string };
export type Argv = readonly Argument[];

export type Pairs = Readonly<Record<string, string>>;

export interface SecretMount {
  readonly id: string;
  /** A file of mode 0600 below the scratch directory; its path has no comma, which Buildah cannot quote. */
  readonly path: string;
}

/** A directory that the Dockerfile reaches by a name. */
export interface ContextDirectory {
  readonly name: string;
  /** Absolute. */
  readonly directory: string;
}

/** Absolute paths of PEM files, for a daemon that is reached by mutual TLS. */
export interface BuilderKeys {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** A machine of a builder that buildx is to make: a buildkitd that runs, or a deployment in a cluster that has yet to be made. */
export interface BuilderNode {
  readonly driver: "remote" | "kubernetes";
  /** Address of the buildkitd that runs. */
  readonly endpoint?: string;
  /** Options of buildx's driver. */
  readonly options: Readonly<Record<string, string>>;
  /** Milliseconds that it may take until what has yet to be made answers. */
  readonly readyWithin?: number;
  /** What it shall build; all that it can, when empty. */
  readonly platforms: readonly Platform[];
}

/** Where what a build's steps leave behind is kept for later builds. */
export type Cache = {
  /**
   * The stage whose steps alone are kept: it is built first, by a command of its own. Undefined keeps every step of the
   * build, weights included.
   */
  readonly stage?: string;
  /** False reads only. */
  readonly write: boolean;
} & (
  | { readonly kind: "registry"; readonly repository: Repository; readonly tag: string }
  /** GitHub's cache service, whose address and token the tool takes from its own environment. */
  | { readonly kind: "gha"; readonly scope: string }
  /** Absolute path of a directory. */
  | { readonly kind: "local"; readonly directory: string }
  /** In the image itself, under its name. */
  | { readonly kind: "inline"; readonly image: Reference }
);

/** BuildKit's kinds of attestations. */
export type AttestationType = "provenance" | "sbom";

/** What the times in the image are clamped to. */
export interface Epoch {
  /** Since 1970. */
  readonly seconds: number;
  /** Whether files may be newer. Builders need not look at each when none is. */
  readonly rewrite: boolean;
}

/** What every plan asks, whatever the user says: a backend that refuses one of these as it is by default builds nothing. */
export interface RequiredFeatures {
  /** What the engine builds by itself, unless the user says otherwise. */
  platforms: NonEmpty<Platform>;
  /** `oci`, the default, or docker's media types. */
  format: "oci" | "docker";
  compression: Compression;
  epoch: Epoch;
  /** True asks the registry for the base image again. */
  pull: boolean;
  /** A base image made for another platform is an error: the tools only warn, and label the image wrongly. */
  strictBase: true;
}

/** What a user, a Bento or a job may ask besides. One that nobody asked for is absent, never a default of the tool's. */
export interface OptionalFeatures {
  /** A builder's name or address. */
  builder: string;
  builderKeys: BuilderKeys;
  noCache: boolean;
  noCacheFilters: readonly string[];
  cacheFrom: readonly string[];
  cacheTo: readonly string[];
  cache: Cache;
  target: string;
  buildArgs: Pairs;
  /** Cache mounts of the steps are shared only with builds that have the same name here. */
  cacheMounts: string;
  contexts: readonly ContextDirectory[];
  /** Contexts that are no directories: `docker-image://…`, `https://…`; name → address. */
  remoteContexts: Pairs;
  secrets: readonly SecretMount[];
  ssh: readonly string[];
  labels: Pairs;
  /** Key → text; a key may begin with levels as docker writes them: `index:`, `manifest[linux/amd64],manifest-descriptor:`. */
  annotations: Pairs;
  /** Type → attributes, as in docker's `--attest type=TYPE,ATTRIBUTES`. */
  attests: Readonly<Partial<Record<AttestationType, string>>>;
  /** `host:ip` each. */
  addHosts: readonly string[];
  network: string;
  allow: readonly string[];
  shmSize: string;
  ulimits: readonly string[];
  cgroupParent: string;
  /** Registry → the one to ask in its place for base images. */
  registryMirrors: Pairs;
  /** Registries that speak plain HTTP. */
  insecureRegistries: readonly string[];
  /** Registry → absolute path of the certificates (PEM) of its authority. */
  registryAuthorities: Pairs;
}

export interface Features extends RequiredFeatures, OptionalFeatures {}

export type FeatureName = keyof Features;

/** What a plan asks. A dry run, which asks no engine, may not know the platform. */
export type PlannedFeatures = Readonly<Omit<RequiredFeatures, "platforms"> & Partial<Features>>;

/** Where the image goes. Paths are absolute. */
export type Delivery =
  | { readonly kind: "push" }
  /** To the repositories of the references, under no tag. */
  | { readonly kind: "push-by-digest" }
  | { readonly kind: "load" }
  | { readonly kind: "layout"; readonly path: string }
  | { readonly kind: "oci-archive"; readonly path: string }
  | { readonly kind: "docker-archive"; readonly path: string };

export type DeliveryKind = Delivery["kind"];

/** What shall happen, in no tool's language. */
export interface Plan {
  /** Absolute path of the Dockerfile. */
  readonly dockerfile: string;
  /** Absolute path of the main context. */
  readonly context: string;
  readonly references: NonEmpty<Reference>;
  readonly features: PlannedFeatures;
  /** What the Dockerfile holds that not every builder reads. */
  readonly constructs: readonly Construct[];
  readonly deliveries: NonEmpty<Delivery>;
  readonly extraArgs: readonly string[];
  /** Absolute path of a private directory for layouts that only pass through. */
  readonly scratch: string;
  /** Absolute path of a directory that outlives the run, for evidence: commands that are pasted later write there too. */
  readonly kept: string;
}

/** The programs and engines whose versions decide what can be asked. */
export type Component = "docker" | "buildx" | "buildkit" | "podman" | "buildah" | "nerdctl";

/** One of the machines that a builder consists of. */
export interface EngineNode {
  readonly name: string;
  /** As the builder was given it, e.g. `tcp://arm64.internal:1234`. */
  readonly address: string;
  /** What it builds, in the order of the builder; the first is its own. */
  readonly platforms: readonly Platform[];
}

/** What the probe found. */
export interface Engine {
  /** Semantic versions, e.g. `0.33.0`; a component whose version nobody tells is absent and passes every gate. */
  readonly versions: Readonly<Partial<Record<Component, string>>>;
  /** What the engine builds when nobody says otherwise. */
  readonly platform?: Platform;
  /**
   * `kernel`: programs of other platforms run by the emulators of this machine's kernel alone. Absent where the engine
   * may have its own, as BuildKit's daemons do, or is on another machine.
   */
  readonly emulation?: "kernel";
  /** docker: whether the daemon keeps images in containerd (exact bytes) or unpacked (`classic`). */
  readonly store?: "containerd" | "classic";
  /** podman: only its service's interface is here; the image is in a store elsewhere. */
  readonly remote?: true;
  /** The machines that build, where the builder tells them. */
  readonly nodes?: readonly EngineNode[];
  /** The builder's resolved name or address. */
  readonly builder?: string;
  /** What the user should know about this engine, a sentence each. */
  readonly notes?: readonly string[];
}

/** Flags of the build command and attributes of its exporters (BuildKit's `--output key=value,…`). */
export interface Flags {
  readonly flags?: Argv;
  readonly attributes?: Pairs;
  /** What a line of the build's output must not contain, though the tool exits with 0. */
  readonly forbids?: readonly string[];
  /** Only a cache is lost when the command that says this fails: how that may be. */
  readonly mayFail?: string;
}

export interface Unsupported {
  readonly unsupported: string;
}

/** The wish is granted without a word on the command line. */
export interface NoFlag {
  /** Why no flag is needed: the tool does so always, or was told elsewhere. */
  readonly noFlag: string;
}

/**
 * Renders the value of a feature.
 * @param features all that is asked in the same plan, as far as it is known: for an answer that depends on several.
 */
export type Render<V> = (
  value: V,
  engine: Engine,
  features: Readonly<Partial<Features>>,
) => Flags | NoFlag | Unsupported;

/** Possible from a version on. */
export interface SinceVersion {
  readonly component: Component;
  /** The first version that has it. */
  readonly since: string;
}

export interface Since<V> extends SinceVersion {
  readonly render: Render<V>;
}

export type Answer<V> = Render<V> | Since<V> | NoFlag;

/**
 * Total: the compiler names the feature that a backend has not answered, and takes no flat refusal of one that every plan
 * has.
 */
export type FeatureTable = {
  readonly [F in FeatureName]: Answer<Features[F]> | (F extends keyof RequiredFeatures ? never : Unsupported);
};

/** Whether a builder reads it in a Dockerfile: always, from a version on, or why not. */
export type Reading = "read" | SinceVersion | Unsupported;

/** Total. What a builder does not read, also what it passes over in silence, is written otherwise or refused by name. */
export type DialectTable = { readonly [C in Construct]: Reading };

/** One `--output` of BuildKit: its type, then attributes in the order given. */
export interface Exporter {
  readonly type: "image" | "oci" | "docker";
  readonly attributes: Pairs;
}

/** What a command leaves behind that tells what was built. Read after success only. */
export type Evidence =
  /** BuildKit's metadata file: `containerimage.digest`, `containerimage.config.digest`. */
  | { readonly kind: "metadata"; readonly path: string; readonly trust: "root" | "config" }
  /** A file holding one digest: of the manifest or index (`root`), or of the config. */
  | { readonly kind: "digest"; readonly path: string; readonly means: "root" | "config" }
  /** An OCI layout directory, or an archive of one, holding just this image. */
  | { readonly kind: "layout" | "oci-archive"; readonly path: string };

export interface Command {
  /** The group's title in the log. */
  readonly title: string;
  readonly tool: string;
  readonly args: Argv;
  readonly forbids?: readonly string[];
  /** A failure is told and passed over: how it may be. */
  readonly mayFail?: string;
}

export type Step =
  | { readonly kind: "run"; readonly command: Command }
  /** A local store takes the image file: the first of docker, podman, nerdctl that is there. */
  | { readonly kind: "load"; readonly archive: string }
  /** Our own registry client copies the layout's exact bytes under every reference. */
  | { readonly kind: "upload"; readonly layout: string; readonly to: NonEmpty<Reference> }
  /** The same, under the image's digest alone. */
  | { readonly kind: "upload-by-digest"; readonly layout: string; readonly to: NonEmpty<Repository> }
  /** Our own registry client moves an image from a directory of the transport `dir:` into a layout, under that name. */
  | { readonly kind: "adopt"; readonly directory: string; readonly layout: string; readonly name: string }
  /** Our own registry client joins images of a layout, in their order, to one index, then the layout's only image. */
  | {
      readonly kind: "join";
      readonly layout: string;
      readonly members: NonEmpty<{ readonly name: string; readonly platform: Platform }>;
      readonly name: string;
    }
  /** Our own registry client puts the manifest of one reference under others too. */
  | { readonly kind: "copy"; readonly from: Reference; readonly to: NonEmpty<Reference> };

/** How a delivery is made: exporters of the build itself, steps after it, and what they leave. */
export interface DeliverySteps {
  readonly exporters?: readonly Exporter[];
  readonly steps?: readonly Step[];
  readonly evidence?: readonly Evidence[];
}

export type DeliveryTable = {
  readonly [K in DeliveryKind]: (
    delivery: Extract<Delivery, { kind: K }>,
    plan: Plan,
    engine: Engine,
  ) => DeliverySteps | Unsupported;
};

/** What `assemble` puts in the order of the tool's command line. */
export interface BuildInvocation {
  readonly plan: Plan;
  readonly engine: Engine;
  readonly flags: Argv;
  readonly exporters: readonly Exporter[];
}

export interface Build {
  readonly command: Command;
  readonly evidence: readonly Evidence[];
}

export interface Requirement {
  readonly component: Component;
  readonly minimum: string;
  /** What the older ones lack. */
  readonly because: string;
}

/** A question asked of a tool before the build; at most three a backend. */
export interface Question {
  /** Another program than the backend's own. */
  readonly tool?: string;
  readonly args: readonly string[];
  /** Asked only when the answers before leave it open. Left out: asked always, beside the others of that kind and before the rest. */
  isOpen?(before: readonly Captured[]): boolean;
}

/** What is asked of an engine that failed during a build, so that the failure names the machines that it cannot reach. */
export interface NodeDiagnosis {
  /** @param builder name or address; undefined is the tool's own default. */
  question(builder: string | undefined, keys?: BuilderKeys): Question;
  /**
   * The machines that answer no longer, each with its address; undefined when the answer tells nothing.
   * @param answer undefined when none came in time.
   */
  unreachable(answer: Captured | undefined, engine: Engine): readonly string[] | undefined;
}

export interface Backend {
  /** As in the input `backend`. */
  readonly name: string;
  /** The program that builds. */
  readonly tool: string;
  /** One line for docs and logs. */
  readonly title: string;
  readonly requires: readonly Requirement[];
  /** Whether the action can install `tool`, from a release or the distribution's packages. */
  readonly installs: boolean;
  /** Programs that it and an engine of its own are made of, as far as the action can install them: each with the tool it is part of. */
  readonly programs: Readonly<Record<string, ToolName>>;
  /** Variables of the environment that name an engine: nobody else's is started then. */
  readonly addresses: readonly string[];
  /** Variables of the environment by which the tool would decide what the plan decides: no tool gets them. */
  readonly overrides: readonly string[];
  /** Whether `auto` may choose it, given what the input `builder` says. */
  isCandidate(builder: string | undefined): boolean;
  /** The Dockerfiles that it reads. */
  readonly dialect: DialectTable;
  /** Whether each step of a Dockerfile has a layer of its own; in a single one is nothing that a later step removes. */
  readonly layers: Dialect["layers"];
  /** A line of the build's output that says that a step was taken from a cache, the builder's own or another. */
  readonly cachedStep: RegExp;
  questions(builder: string | undefined, keys?: BuilderKeys): readonly Question[];
  /** What the builder must be made of before it can be asked; undefined when it is asked by what the input `builder` says. */
  nodesOf?(builder: string): NonEmpty<BuilderNode> | undefined;
  /** @throws Failure `engine` or `tool` when the answers say that nothing can be built. */
  readEngine(answers: readonly Captured[], builder: string | undefined): Engine;
  /** Left out where the engine has no process of its own. */
  readonly nodeDiagnosis?: NodeDiagnosis;
  /** Stands in for a probed engine on `dry-run`: the newest known, with every ability. */
  readonly assumed: Engine;
  readonly features: FeatureTable;
  readonly deliveries: DeliveryTable;
  /** The build commands: one, or one per exporter where the tool takes only one. */
  assemble(invocation: BuildInvocation): NonEmpty<Build>;
}

export function unsupported(reason: string): Unsupported {
  return { unsupported: reason };
}

export function noFlag(reason: string): NoFlag {
  return { noFlag: reason };
}

/** Whether the input `builder` is an address, or several, and not the name of a builder. */
export function isAddress(builder: string | undefined): boolean {
  return builder?.includes("://") === true;
}

export function isUnsupported(answer: object): answer is Unsupported {
  return "unsupported" in answer;
}
