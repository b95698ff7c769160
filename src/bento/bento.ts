/** What a Bento is, as this action needs it: the value every other room works on. */
import type { Enclosure } from "../machine/enclosure.ts";

/** A Bento that was found: the directory to read, and how the user spoke of it. */
export interface LocatedBento {
  /** Holds bento.yaml. Below `files.scratch()` when it came out of an archive. */
  readonly directory: Enclosure;
  readonly origin: "directory" | "archive" | "store";
  /** What the user wrote, for messages. */
  readonly address: string;
}

/** `name:version`, both lower case, by BentoML's tag grammar. */
export interface Tag {
  readonly name: string;
  readonly version: string;
}

export type EnvStage = "all" | "build" | "runtime";

export interface BentoEnv {
  readonly name: string;
  /** Empty when the manifest gives none. */
  readonly value: string;
  readonly stage: EnvStage;
}

interface ModelCommon {
  readonly tag: Tag;
  readonly alias?: string;
  readonly creationTime?: Date;
}

/** A model of BentoML's own store: goes to `models/<name>/<version>/`. */
export interface StoreModel extends ModelCommon {
  readonly registry: "bentoml";
}

/** A snapshot of a Hugging Face repository: goes to `hf-models/models--<org>--<name>/snapshots/<revision>/`. */
export interface HubModel extends ModelCommon {
  readonly registry: "huggingface";
  /** Lower case, as BentoML stores and looks it up. */
  readonly repository: string;
  /** A commit (40 hex digits) in Bentos that BentoML wrote; may be a branch when metadata is missing. */
  readonly revision: string;
  readonly endpoint?: string;
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

export type BentoModel = StoreModel | HubModel;

export type Distro = "debian" | "alpine" | "ubi8" | "amazonlinux";

/** The image section of `spec: 1`: options from which the Dockerfile is derived. */
export interface ImageOptionsV1 {
  readonly spec: 1;
  readonly distro: Distro;
  /** `X.Y`; undefined with a base image of the user's own. */
  readonly pythonVersion?: string;
  readonly cudaVersion?: string;
  /** `docker.env`, undefined when the Bento has none (then `envs` count). */
  readonly dockerEnv?: Readonly<Record<string, string>>;
  readonly systemPackages: readonly string[];
  readonly baseImage?: string;
  /** The file is at `env/docker/setup_script`. */
  readonly setupScript: boolean;
  /** The stored `env/docker/Dockerfile` is the rendered template. */
  readonly dockerfileTemplate: boolean;
  /** The file is at `env/conda/environment.yml`. */
  readonly conda: boolean;
  /** The Python that conda shall install, from environment.yml or `pythonVersion`. */
  readonly condaPython?: string;
  /** False for Bentos of 1.0 pre-releases: they carry requirements.txt without install.sh. */
  readonly installScript: boolean;
}

/** The image section of `spec: 2`: literal commands. */
export interface ImageOptionsV2 {
  readonly spec: 2;
  readonly baseImage: string;
  /** Free text for `uv venv --python`; undefined when the Bento gives none. */
  readonly pythonVersion?: string;
  /** Run before the Python packages; the doubled bootstrap command of BentoML ≤ 1.4.38 is already dropped. */
  readonly commands: readonly string[];
  readonly postCommands: readonly string[];
  /**
   * Paths below `src/`, checked to stay inside and to exist. Files that the requirements name are always covered, also
   * where BentoML ≤ 1.4.38 forgot them.
   */
  readonly buildInclude: readonly string[];
}

export interface Bento {
  readonly tag: Tag;
  readonly bentomlVersion: string;
  readonly creationTime: Date;
  readonly service: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly envs: readonly BentoEnv[];
  /** Those of the manifest and of its services, one per tag, sorted by tag. */
  readonly models: readonly BentoModel[];
  readonly image: ImageOptionsV1 | ImageOptionsV2;
  /** The directory that holds bento.yaml. */
  readonly directory: Enclosure;
  /** Names in `directory`, sorted: what the image must carry. */
  readonly entries: readonly BentoEntry[];
  /**
   * The options of the requirements that get installed (v1: the lock file if there is one) which choose the index, in
   * file order, in the long form with a blank: `--index-url https://…`, `--no-index`.
   */
  readonly indexOptions: readonly string[];
}

export interface BentoEntry {
  readonly name: string;
  readonly kind: "file" | "directory" | "symlink";
}

/** A model with the place its bytes come from. */
export type LocatedModel = LocatedStoreModel | LocatedSnapshot;

export interface LocatedStoreModel {
  readonly kind: "store";
  readonly model: StoreModel;
  /** Holds model.yaml. One that the Bento holds may link to the rest of the Bento. */
  readonly directory: Enclosure;
  readonly origin: "bento" | "store";
}

export interface LocatedSnapshot {
  readonly kind: "snapshot";
  readonly model: HubModel;
  /** The repository's folder in a Hugging Face cache, from which `files` are relative. */
  readonly directory: Enclosure;
  /** Files to ship, sorted by `path`. */
  readonly files: readonly SnapshotFile[];
  readonly commit: string;
  /** Whether `trees/<commit>.json` below `directory` lists the commit; huggingface_hub 2 asks the Hub at start without it. */
  readonly listed: boolean;
  readonly origin: "cache" | "hub";
}

export interface SnapshotFile {
  /** Where the bytes lie below `directory`: a regular file (`blobs/<hash>`), never a link. */
  readonly source: string;
  /** Its path in the repository. */
  readonly path: string;
  readonly size: number;
  /** Set while the bytes are at the Hub alone: their SHA-256, which is also the name of `source`. */
  readonly remote?: string;
}

/** A file that is at the Hub alone, and all it takes to read it there. */
export interface RemoteFile {
  readonly model: HubModel;
  readonly commit: string;
  /** In the repository. */
  readonly path: string;
  readonly size: number;
  /** Of its content, in hexadecimal digits. */
  readonly sha256: string;
}

/** Prints `name:version`. */
export function printTag(tag: Tag): string {
  return `${tag.name}:${tag.version}`;
}
