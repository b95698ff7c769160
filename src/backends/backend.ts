/** The contract of a backend: data, and pure functions from values to argv. A new backend implements what is declared here. */

import type { Captured, Env } from "../machine/machine.ts";
import type { Compression } from "../oci/compression.ts";
import type { Platform } from "../oci/platform.ts";
import type { Reference, Repository } from "../oci/reference.ts";
import type { Construct, Dialect } from "../recipe/dialect.ts";
import type { BaseCheck } from "../recipe/dockerfile/base-check.ts";
import type { ToolName } from "../tools/tool-request.ts";
import type { NonEmpty } from "../values.ts";
import type { ImageStore, StoreTool } from "./stores.ts";

/** One argv item: text, or the content of a file when the command starts (an image id that an earlier command wrote). */
export type Argument = string | { readonly contentOf: string };
export type Argv = readonly Argument[];

export type Pairs = Readonly<Record<string, string>>;

export interface SecretMount {
  readonly id: string;
  /** A file of mode 0600 below the scratch directory. Its path contains no comma, because Buildah cannot quote one. */
  readonly path: string;
}

/** A build context that the Dockerfile refers to by name. */
export interface ContextDirectory {
  readonly name: string;
  /** Absolute. */
  readonly directory: string;
}

/** Absolute paths of PEM files, for a buildkitd that requires mutual TLS. */
export interface BuilderKeys {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

/** A node of a builder that buildx creates: a running buildkitd, or a deployment in a Kubernetes cluster that buildx creates too. */
export interface BuilderNode {
  readonly driver: "remote" | "kubernetes";
  /** Address of the running buildkitd; undefined for a deployment. */
  readonly endpoint?: string;
  /** Options of buildx's driver. */
  readonly options: Readonly<Record<string, string>>;
  /** Milliseconds that a new deployment may take until it answers. */
  readonly readyWithin?: number;
  /** The platforms that the node builds; empty: all that it supports. */
  readonly platforms: readonly Platform[];
}

/** Where the results of build steps are cached for later builds. */
export type Cache = {
  /**
   * Only the steps of this stage are cached; a separate command builds it first. Undefined caches every step of the build,
   * including those that copy models.
   */
  readonly stage?: string;
  /** False: the cache is read and not written. */
  readonly write: boolean;
} & (
  | { readonly kind: "registry"; readonly repository: Repository; readonly tag: string }
  /** GitHub's cache service; the tool takes its address and token from the environment. */
  | { readonly kind: "gha"; readonly scope: string }
  /** Absolute path of a directory. */
  | { readonly kind: "local"; readonly directory: string }
  /** Inside the image itself, under the image's name. */
  | { readonly kind: "inline"; readonly image: Reference }
);

/** BuildKit's kinds of attestations. */
export type AttestationType = "provenance" | "sbom";

/** The timestamp that times in the image are clamped to. */
export interface Epoch {
  /** Seconds since 1970-01-01 UTC. */
  readonly seconds: number;
  /** Whether files may be newer. If false, the builder need not rewrite file times. */
  readonly rewrite: boolean;
}

/** What every plan contains, whatever the inputs are. A backend must support the default of each; without it, it builds nothing. */
export interface RequiredFeatures {
  /** Default: the engine's own platform. */
  platforms: NonEmpty<Platform>;
  /** `oci`, the default, or docker's media types. */
  format: "oci" | "docker";
  compression: Compression;
  epoch: Epoch;
  /** True: check the registry for a newer base image. */
  pull: boolean;
  /** A base image for another platform is an error. The tools only warn, and label the image with the wrong platform. */
  strictBase: BaseCheck;
}

/** What a user, a Bento or a job may request in addition. A feature that nobody requested is absent. */
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
  /** Builds share cache mounts only if they have the same name here. */
  cacheMounts: string;
  contexts: readonly ContextDirectory[];
  /** Contexts that are not directories (`docker-image://…`, `https://…`): name → address. */
  remoteContexts: Pairs;
  secrets: readonly SecretMount[];
  ssh: readonly string[];
  labels: Pairs;
  /** Key → text. A key may begin with levels in docker's syntax: `index:`, `manifest[linux/amd64],manifest-descriptor:`. */
  annotations: Pairs;
  /** Type → attributes, as in docker's `--attest type=TYPE,ATTRIBUTES`. */
  attests: Readonly<Partial<Record<AttestationType, string>>>;
  /** Items of the form `host:ip`. */
  addHosts: readonly string[];
  network: string;
  allow: readonly string[];
  shmSize: string;
  ulimits: readonly string[];
  cgroupParent: string;
  /** Registry → the mirror that serves its base images. */
  registryMirrors: Pairs;
  /** Registries that speak plain HTTP. */
  insecureRegistries: readonly string[];
  /** Registry → absolute path of its CA certificates (PEM). */
  registryAuthorities: Pairs;
}

export interface Features extends RequiredFeatures, OptionalFeatures {}

export type FeatureName = keyof Features;

/** The features of a plan. A dry run does not query the engine, so it may not know the platform. */
export type PlannedFeatures = Readonly<Omit<RequiredFeatures, "platforms"> & Partial<Features>>;

/** Where the image goes. Paths are absolute. */
export type Delivery =
  | { readonly kind: "push" }
  /** To the repositories of the references, without a tag. */
  | { readonly kind: "push-by-digest" }
  | { readonly kind: "load" }
  | { readonly kind: "layout"; readonly path: string }
  | { readonly kind: "oci-archive"; readonly path: string }
  | { readonly kind: "docker-archive"; readonly path: string };

export type DeliveryKind = Delivery["kind"];

/** What to build and where to deliver it, independent of any tool. */
export interface Plan {
  /** Absolute path of the Dockerfile. */
  readonly dockerfile: string;
  /** Absolute path of the main context. */
  readonly context: string;
  readonly references: NonEmpty<Reference>;
  readonly features: PlannedFeatures;
  /** Constructs of the Dockerfile that some builders do not read. */
  readonly constructs: readonly Construct[];
  readonly deliveries: NonEmpty<Delivery>;
  readonly extraArgs: readonly string[];
  /** Absolute path of a private directory for intermediate layouts. */
  readonly scratch: string;
  /** Absolute path of a directory for evidence. It outlives the run, so that a user can paste the logged commands later. */
  readonly kept: string;
}

/** The programs and engines whose versions decide which features are available. */
export type Component = "docker" | "buildx" | "buildkit" | "podman" | "buildah" | "nerdctl";

/** One node of a builder. */
export interface EngineNode {
  readonly name: string;
  /** As the builder was created with, e.g. `tcp://arm64.internal:1234`. */
  readonly address: string;
  /** The platforms that it builds, in the builder's order; the first is its native one. */
  readonly platforms: readonly Platform[];
}

/** The engine that the probe detected. */
export interface Engine {
  /** Semantic versions, e.g. `0.33.0`. A component whose version cannot be detected is absent, and its checks are skipped. */
  readonly versions: Readonly<Partial<Record<Component, string>>>;
  /** The platform that the engine builds by default. */
  readonly platform?: Platform;
  /**
   * `kernel`: programs of other platforms run only through the emulators of this machine's kernel. Absent if the engine
   * may have its own emulators, as BuildKit's daemons do, or runs on another machine.
   */
  readonly emulation?: "kernel";
  /** docker: whether the daemon stores images in containerd (exact bytes) or unpacked (`classic`). */
  readonly store?: "containerd" | "classic";
  /** podman: this machine has only the client of a remote service; the image is in the service's store. */
  readonly remote?: true;
  /** The builder's nodes, if it lists them. */
  readonly nodes?: readonly EngineNode[];
  /** The builder's resolved name or address. */
  readonly builder?: string;
  /** Notes about this engine for the user, one sentence each. */
  readonly notes?: readonly string[];
}

/** Flags of the build command and attributes of its exporters (BuildKit's `--output key=value,…`). */
export interface Flags {
  readonly flags?: Argv;
  readonly attributes?: Pairs;
  /** Texts that fail the build if a line of its output contains them, even if the tool exits with 0. */
  readonly forbids?: readonly string[];
  /** A failure of the command loses only a cache, so the build continues; the text is a possible cause. */
  readonly mayFail?: string;
}

export interface Unsupported {
  readonly unsupported: string;
}

/** The feature is supported without a flag on the command line. */
export interface NoFlag {
  /** Why no flag is needed: the tool always does it, or it is configured elsewhere. */
  readonly noFlag: string;
}

/**
 * Renders the value of a feature.
 * @param features the known features of the same plan, for an answer that depends on several.
 */
export type Render<V> = (
  value: V,
  engine: Engine,
  features: Readonly<Partial<Features>>,
) => Flags | NoFlag | Unsupported;

/** Supported from a version on. */
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
 * An answer to every feature: the compiler reports a missing one. A feature that every plan has cannot be refused for all
 * values.
 */
export type FeatureTable = {
  readonly [F in FeatureName]: Answer<Features[F]> | (F extends keyof RequiredFeatures ? never : Unsupported);
};

/** Whether a builder reads a construct in a Dockerfile: always, from a version on, or not, with the reason. */
export type Reading = "read" | SinceVersion | Unsupported;

/** An answer to every construct. One that a builder rejects or silently ignores is written differently or refused by name. */
export type DialectTable = { readonly [C in Construct]: Reading };

/** One `--output` of BuildKit: its type, then its attributes in the order given. */
export interface Exporter {
  readonly type: "image" | "oci" | "docker";
  readonly attributes: Pairs;
}

/** A file or directory that a command writes and that says what was built. Read only after success. */
export type Evidence =
  /** BuildKit's metadata file: `containerimage.digest`, `containerimage.config.digest`. */
  | { readonly kind: "metadata"; readonly path: string; readonly trust: "root" | "config" }
  /** A file that contains one digest: of the manifest or index (`root`), or of the config. */
  | { readonly kind: "digest"; readonly path: string; readonly means: "root" | "config" }
  /** An OCI layout directory, or an archive of one, that contains only this image. */
  | { readonly kind: "layout" | "oci-archive"; readonly path: string };

export interface Command {
  /** The group's title in the log. */
  readonly title: string;
  readonly tool: string;
  readonly args: Argv;
  readonly forbids?: readonly string[];
  /** A failure is a warning and the build continues; the text is a possible cause. */
  readonly mayFail?: string;
}

export type Step =
  | { readonly kind: "run"; readonly command: Command }
  /** Loads the image file into a local store: the first of docker, podman and nerdctl that is available. */
  | { readonly kind: "load"; readonly archive: string }
  /** This action's registry client copies the layout's exact bytes to every reference. */
  | { readonly kind: "upload"; readonly layout: string; readonly to: NonEmpty<Reference> }
  /** The same, by digest, without a tag. */
  | { readonly kind: "upload-by-digest"; readonly layout: string; readonly to: NonEmpty<Repository> }
  /** This action moves an image from a directory of the transport `dir:` into a layout, under the given name. */
  | { readonly kind: "adopt"; readonly directory: string; readonly layout: string; readonly name: string }
  /** This action joins images of a layout, in their order, into one index, which becomes the layout's only image. */
  | {
      readonly kind: "join";
      readonly layout: string;
      readonly members: NonEmpty<{ readonly name: string; readonly platform: Platform }>;
      readonly name: string;
    }
  /** This action's registry client also tags the manifest of one reference with others. */
  | { readonly kind: "copy"; readonly from: Reference; readonly to: NonEmpty<Reference> };

/** How a delivery is made: exporters of the build itself, steps after it, and their evidence. */
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

/** The parts that `assemble` puts in the order of the tool's command line. */
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
  /** Why older versions are not enough. */
  readonly because: string;
}

/** A command that queries a tool before the build; a backend has at most three. */
export interface Question {
  /** The program, if it is not the backend's own. */
  readonly tool?: string;
  readonly args: readonly string[];
  /** Whether to ask, given the earlier answers. Questions without this function are always asked, at the same time, before the others. */
  isOpen?(before: readonly Captured[]): boolean;
}

/** How to query an engine after a failed build, so that the failure names the nodes that it cannot reach. */
export interface NodeDiagnosis {
  /** @param builder name or address; undefined is the tool's own default. */
  question(builder: string | undefined, keys?: BuilderKeys): Question;
  /**
   * The nodes that no longer answer, each with its address; undefined if the answer does not say.
   * @param answer undefined if none came in time.
   */
  unreachable(answer: Captured | undefined, engine: Engine): readonly string[] | undefined;
}

/** The file in which a tool keeps the builder that it uses unless one is named. */
export interface CurrentBuilder {
  /** Absolute, or relative to the workspace. */
  path(env: Env): string;
  /** The builder's name; undefined if it is the tool's default. */
  read(text: string): string | undefined;
}

/** What the action provides where the backend finds no engine or program. */
export type Provided =
  /** The engine belongs to the owner of the machine. */
  | { readonly kind: "nothing" }
  /** The distribution's package of that name. */
  | { readonly kind: "package"; readonly name: string }
  | { readonly kind: "engine"; readonly engine: StartedEngine };

/** An engine that the action starts: a buildkitd, a builder of buildx, or a containerd with its buildkitd. */
export type StartedEngine = "buildkitd" | "buildx-builder" | "containerd";

export interface Backend {
  /** As in the input `backend`. */
  readonly name: string;
  /** The program that builds. */
  readonly tool: string;
  /** The programs of the stores that `load` writes to; the first one on this machine counts. */
  readonly stores: NonEmpty<StoreTool>;
  /** The program that runs an image from the store that `load` writes to. */
  readonly client: ImageStore["client"];
  /** One line for docs and logs. */
  readonly title: string;
  readonly requires: readonly Requirement[];
  /** Whether the action can install `tool`, from a release or the distribution's packages. */
  readonly installs: boolean;
  /** The programs of this backend and its engine that the action can install, each with the tool that it is part of. */
  readonly programs: Readonly<Record<string, ToolName>>;
  readonly provides: Provided;
  /** Environment variables with the engine's name or address; if one is set, the action starts no engine of its own. */
  readonly addresses: readonly string[];
  /** Environment variables that would override the plan; they are removed from the tool's environment. */
  readonly overrides: readonly string[];
  /** Whether `auto` may choose it, given what the input `builder` says. */
  isCandidate(builder: string | undefined): boolean;
  /** The Dockerfile constructs that it reads. */
  readonly dialect: DialectTable;
  /** Whether each step of a Dockerfile has its own layer. A single layer omits files that a later step removes. */
  readonly layers: Dialect["layers"];
  /** Matches a line of the build's output that reports a cached step, from the builder's own cache or another. */
  readonly cachedStep: RegExp;
  questions(builder: string | undefined, keys?: BuilderKeys): readonly Question[];
  /** The nodes from which the builder must be created before it can be queried; undefined if `builder` names an existing one. */
  nodesOf?(builder: string): NonEmpty<BuilderNode> | undefined;
  /** Absent if the tool keeps none. */
  readonly currentBuilder?: CurrentBuilder;
  /** @throws Failure `engine` or `tool` if the answers show that the engine cannot build. */
  readEngine(answers: readonly Captured[], builder: string | undefined): Engine;
  /** Absent if the engine has no process of its own. */
  readonly nodeDiagnosis?: NodeDiagnosis;
  /** Used on `dry-run` instead of a detected engine: the newest known one, with every ability. */
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

/** Whether the input `builder` is one or more addresses, as opposed to a builder's name. */
export function isAddress(builder: string | undefined): boolean {
  return builder?.includes("://") === true;
}

export function isUnsupported(answer: object): answer is Unsupported {
  return "unsupported" in answer;
}
