/** The types of a Bento and its models, which all other parts of the action use. */
import type { Enclosure } from "../machine/enclosure.ts";

/** A located Bento: its directory, and the user's input that named it. */
export interface LocatedBento {
  /** Contains bento.yaml. Below `files.scratch()` if it comes from an archive. */
  readonly directory: Enclosure;
  readonly origin: "directory" | "archive" | "store";
  /** The user's input, for messages. */
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
  /** Empty when the manifest has none. */
  readonly value: string;
  readonly stage: EnvStage;
}

interface ModelCommon {
  readonly tag: Tag;
  readonly alias?: string;
  readonly creationTime?: Date;
}

/** A model of BentoML's Model Store. In the image it is at `models/<name>/<version>/`. */
export interface StoreModel extends ModelCommon {
  readonly registry: "bentoml";
}

/** A snapshot of a Hugging Face repository. In the image it is at `hf-models/models--<org>--<name>/snapshots/<revision>/`. */
export interface HubModel extends ModelCommon {
  readonly registry: "huggingface";
  /** Lower case, as BentoML stores and looks it up. */
  readonly repository: string;
  /** A commit (40 hex digits) in Bentos built by BentoML; a branch if metadata is missing. */
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
  /** `X.Y`; undefined with the user's own base image. */
  readonly pythonVersion?: string;
  readonly cudaVersion?: string;
  /** `docker.env`; if undefined, `envs` apply. */
  readonly dockerEnv?: Readonly<Record<string, string>>;
  readonly systemPackages: readonly string[];
  readonly baseImage?: string;
  /** The file is at `env/docker/setup_script`. */
  readonly setupScript: boolean;
  /** The stored `env/docker/Dockerfile` is the rendered template. */
  readonly dockerfileTemplate: boolean;
  /** The file is at `env/conda/environment.yml`. */
  readonly conda: boolean;
  /** The Python version that conda installs, from environment.yml or `pythonVersion`. */
  readonly condaPython?: string;
  /** False for Bentos of 1.0 pre-releases, which have requirements.txt but no install.sh. */
  readonly installScript: boolean;
}

/** The image section of `spec: 2`: literal commands. */
export interface ImageOptionsV2 {
  readonly spec: 2;
  readonly baseImage: string;
  /** Free text for `uv venv --python`; undefined when the Bento has none. */
  readonly pythonVersion?: string;
  /** Run before the Python packages, without the repeated bootstrap command of BentoML ≤ 1.4.38. */
  readonly commands: readonly string[];
  readonly postCommands: readonly string[];
  /**
   * Paths below `src/`, which are checked to stay inside and to exist. Files that the requirements need are always
   * covered, even if BentoML ≤ 1.4.38 did not include them.
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
  /** The models of the manifest and of its services, one per tag, sorted by tag. */
  readonly models: readonly BentoModel[];
  readonly image: ImageOptionsV1 | ImageOptionsV2;
  /** The directory that contains bento.yaml. */
  readonly directory: Enclosure;
  /** Entries of `directory`, sorted by name, which the image must contain. */
  readonly entries: readonly BentoEntry[];
  /**
   * Index options of the installed requirements (v1: of the lock file if there is one), in file order and in the long form
   * with a blank: `--index-url https://…`, `--no-index`.
   */
  readonly indexOptions: readonly string[];
}

export interface BentoEntry {
  readonly name: string;
  readonly kind: "file" | "directory" | "symlink";
}

/** A model with the location of its files. */
export type LocatedModel = LocatedStoreModel | LocatedSnapshot;

export interface LocatedStoreModel {
  readonly kind: "store";
  readonly model: StoreModel;
  /** Contains model.yaml. A model inside the Bento may have links to other parts of the Bento. */
  readonly directory: Enclosure;
  readonly origin: "bento" | "store";
}

export interface LocatedSnapshot {
  readonly kind: "snapshot";
  readonly model: HubModel;
  /** The repository's folder in a Hugging Face cache, to which the paths of `files` are relative. */
  readonly directory: Enclosure;
  /** Files for the image, sorted by `path`. */
  readonly files: readonly SnapshotFile[];
  readonly commit: string;
  /** Whether `trees/<commit>.json` in `directory` lists the commit. Without it, huggingface_hub 2 requests the list from the Hub at start. */
  readonly listed: boolean;
  readonly origin: "cache" | "hub";
}

export interface SnapshotFile {
  /** The path of the bytes below `directory`: a regular file (`blobs/<hash>`), never a link. */
  readonly source: string;
  /** Its path in the repository. */
  readonly path: string;
  readonly size: number;
  /** Set while the bytes are only at the Hub: their SHA-256, which is also the name of `source`. */
  readonly remote?: string;
}

/** A file that is only at the Hub, with everything needed to read it. */
export interface RemoteFile {
  readonly model: HubModel;
  readonly commit: string;
  /** Its path in the repository. */
  readonly path: string;
  readonly size: number;
  /** The hash of its content, in hexadecimal digits. */
  readonly sha256: string;
}

/** Prints `name:version`. */
export function printTag(tag: Tag): string {
  return `${tag.name}:${tag.version}`;
}
