/** How podman and buildah build and deliver: one build per platform, and exact bytes through an OCI layout. */

import { basename } from "node:path";
import { type Platform, printPlatform } from "../oci/platform.ts";
import { distinctRepositories, printReference } from "../oci/reference.ts";
import { type NonEmpty, nonEmpty } from "../values.ts";
import {
  type Argument,
  type Argv,
  type Backend,
  type Build,
  type BuildInvocation,
  type DeliverySteps,
  type DeliveryTable,
  type Engine,
  isUnsupported,
  type Plan,
  type Step,
  type Unsupported,
  unsupported,
} from "./backend.ts";
import { includesDelivery, intermediateLayout } from "./deliveries.ts";
import { saveFromService } from "./podman-remote.ts";
import { isAtLeast } from "./versions.ts";

/** The image of one of several platforms. */
interface PlatformImage {
  readonly platform: Platform;
  /** The file to which the build writes the local image id. */
  readonly idFile: string;
  /** Its name in the layout, before the images are joined to an index. */
  readonly name: string;
}

/** The name of the image in a layout or archive. */
function nameOf({ references }: Plan): string {
  return references[0].tag ?? "latest";
}

/** The images of an index, in its order; undefined if the result is a single manifest. */
function platformImages({ features: { platforms }, kept }: Plan): NonEmpty<PlatformImage> | undefined {
  if (platforms === undefined || platforms.length < 2) return undefined;
  return nonEmpty(
    platforms.map((platform) => {
      const name = printPlatform(platform).replaceAll("/", "-");
      return { platform, idFile: `${kept}/image-${name}.id`, name };
    }),
  );
}

/** The file to which the build of a single image writes its local id. */
function idFile({ kept }: Plan): string {
  return `${kept}/image.id`;
}

/** The context is the last argument, because buildah takes no flags after it. */
export function assembleBuildah(tool: string): (invocation: BuildInvocation) => ReturnType<Backend["assemble"]> {
  return ({ plan, flags }) => {
    const build = (title: string, iidfile: string, more: Argv): Build["command"] => ({
      title,
      tool,
      args: [
        ...["build", "--layers=true", "--identity-label=false", "--file", plan.dockerfile],
        ...flags,
        ...more,
        ...["--iidfile", iidfile],
        ...plan.extraArgs,
        plan.context,
      ],
    });
    const images = platformImages(plan);
    if (images !== undefined) {
      const [first, ...others] = images;
      const member = ({ platform, idFile: iidfile }: PlatformImage): Build => {
        const printed = printPlatform(platform);
        // The local ids of several images say nothing about the digest of their index.
        return { command: build(`${tool} build ${printed}`, iidfile, ["--platform", printed]), evidence: [] };
      };
      return [member(first), ...others.map(member)];
    }
    const names = includesDelivery(plan, "load") ? namesOf(plan).flatMap((name) => ["--tag", name]) : [];
    return [
      {
        command: build(`${tool} build`, idFile(plan), names),
        evidence: [{ kind: "digest", path: idFile(plan), means: "config" }],
      },
    ];
  };
}

function namesOf({ references }: Plan): readonly string[] {
  return references.map(printReference);
}

function run(tool: string, title: string, args: readonly Argument[]): Step {
  return { kind: "run", command: { title: `${tool} ${title}`, tool, args } };
}

/**
 * Compression is explicit, so that the digest does not depend on the layers that the destination already has. Versions without
 * the flag (podman 4.3.1: `unknown flag: --force-compression`) keep the layers of the base image as its registry has them.
 */
function compressionFlags({ features: { compression } }: Plan, engine: Engine): Argv {
  const { format = "gzip", level } = compression ?? {};
  return [
    ...["--compression-format", format],
    ...(isAtLeast(engine, "buildah", "1.33.0") ? ["--force-compression"] : []),
    ...(level === undefined ? [] : ["--compression-level", String(level)]),
  ];
}

type LayoutSteps = Required<Pick<DeliverySteps, "steps" | "evidence">>;

/** Several images are written to one layout, where they share blobs and are joined to an index. */
function toLayout(tool: string, plan: Plan, engine: Engine): LayoutSteps | Unsupported {
  const layout = intermediateLayout(plan);
  if (engine.remote === true)
    return saveFromService({ contentOf: idFile(plan) }, plan, { kind: "layout", path: layout });
  const evidence = [{ kind: "layout" as const, path: layout }];
  const name = nameOf(plan);
  const images = platformImages(plan);
  const exportImage = plan.features.format === "docker" ? exportDocker : exportOci;
  const store = { tool, plan, engine };
  if (images === undefined) return { steps: exportImage(store, idFile(plan), name), evidence };
  const exported = images.flatMap((image) => exportImage(store, image.idFile, image.name));
  const [first, ...others] = images;
  const members: NonEmpty<IndexMember> = [memberOf(first), ...others.map(memberOf)];
  return { steps: [...exported, { kind: "join", layout, members, name }], evidence };
}

/** Writes the layout and then continues from it with `next`. */
function fromLayout(tool: string, plan: Plan, engine: Engine, next: Step): DeliverySteps | Unsupported {
  const layout = toLayout(tool, plan, engine);
  return isUnsupported(layout) ? layout : { ...layout, steps: [...layout.steps, next] };
}

/** The steps that export an image from the local store to a name in the layout. */
type ExportImage = (store: Store, from: string, to: string) => readonly Step[];

interface Store {
  readonly tool: string;
  readonly plan: Plan;
  readonly engine: Engine;
}

const exportOci: ExportImage = ({ tool, plan, engine }, from, to) => [
  run(tool, "push oci", [
    "push",
    ...compressionFlags(plan, engine),
    { contentOf: from },
    `oci:${intermediateLayout(plan)}:${to}`,
  ]),
];

/**
 * An image in docker's format is exported to `dir:`, which keeps it unchanged: `oci:` would convert it to an image with
 * another id. With `dir:`, podman compresses only on request and buildah always.
 * Source: https://docs.podman.io/en/latest/markdown/podman-push.1.html
 */
const exportDocker: ExportImage = ({ tool, plan, engine }, from, to) => {
  const directory = `${plan.scratch}/docker-${to}`;
  const flags = [...(tool === "podman" ? ["--compress"] : []), ...compressionFlags(plan, engine)];
  return [
    run(tool, "push dir", ["push", ...flags, { contentOf: from }, `dir:${directory}`]),
    { kind: "adopt", directory, layout: intermediateLayout(plan), name: to },
  ];
};

type IndexMember = Extract<Step, { kind: "join" }>["members"][0];

function memberOf({ name, platform }: PlatformImage): IndexMember {
  return { name, platform };
}

/** An index goes into a layout that `tar` packs: the tools would write an index of their own into an archive. */
function toArchive(tool: string, plan: Plan, path: string, engine: Engine): DeliverySteps | Unsupported {
  if (engine.remote === true) return saveFromService({ contentOf: idFile(plan) }, plan, { kind: "oci-archive", path });
  const evidence = [{ kind: "oci-archive" as const, path }];
  if (platformImages(plan) === undefined) {
    const to = `oci-archive:${path}:${nameOf(plan)}`;
    const args = ["push", ...compressionFlags(plan, engine), { contentOf: idFile(plan) }, to];
    return { steps: [run(tool, "push oci-archive", args)], evidence };
  }
  const layout = toLayout(tool, plan, engine);
  if (isUnsupported(layout)) return layout;
  const args = [
    "--create",
    "--file",
    path,
    "--directory",
    intermediateLayout(plan),
    "oci-layout",
    "index.json",
    "blobs",
  ];
  return { steps: [...layout.steps, run("tar", "--create", args)], evidence: [...layout.evidence, ...evidence] };
}

/**
 * A manifest list in the local store. It is created under a temporary name and then tagged: creating a list under an
 * existing name fails or adds to that list, while tagging moves existing names.
 */
function toList(tool: string, plan: Plan, images: NonEmpty<PlatformImage>): DeliverySteps {
  const list = `localhost/bento-image:${basename(plan.kept).replaceAll(/[^\w.-]/g, "-")}`;
  const step = (...args: readonly Argument[]): Step => run(tool, "manifest", args);
  return {
    steps: [
      step("manifest", "create", list),
      ...images.map((image) => step("manifest", "add", list, { contentOf: image.idFile })),
      ...namesOf(plan).map((name) => step("tag", list, name)),
      // Removes only the temporary name, because the list has others.
      step("manifest", "rm", list),
    ],
  };
}

/** In `oci:path:name` the first colon ends the path. Source: containers/image, docs/containers-transports.5.md */
function withoutColon<D extends { readonly path: string }>(
  deliver: (delivery: D, plan: Plan, engine: Engine) => DeliverySteps | Unsupported,
) {
  return (delivery: D, plan: Plan, engine: Engine): DeliverySteps | Unsupported =>
    delivery.path.includes(":")
      ? unsupported(`podman and buildah would cut the path ${delivery.path} at its colon`)
      : deliver(delivery, plan, engine);
}

export function buildahDeliveries(tool: string): DeliveryTable {
  return {
    push: (_, plan, engine) =>
      fromLayout(tool, plan, engine, { kind: "upload", layout: intermediateLayout(plan), to: plan.references }),
    "push-by-digest": (_, plan, engine) => {
      const to = distinctRepositories(plan.references);
      return fromLayout(tool, plan, engine, { kind: "upload-by-digest", layout: intermediateLayout(plan), to });
    },
    // The build itself tags a single image in the local store; see `assembleBuildah`.
    load: (_, plan): DeliverySteps => {
      const images = platformImages(plan);
      return images === undefined ? {} : toList(tool, plan, images);
    },
    layout: withoutColon((_, plan, engine) => toLayout(tool, plan, engine)),
    "oci-archive": withoutColon(({ path }, plan, engine) => toArchive(tool, plan, path, engine)),
    "docker-archive": withoutColon(({ path }, plan, { remote }) => {
      if (remote === true) return unsupported("podman's remote client saves a docker archive without the image's name");
      if (platformImages(plan) !== undefined) return unsupported("a docker archive holds one platform");
      const to = `docker-archive:${path}:${printReference(plan.references[0])}`;
      return { steps: [run(tool, "push docker-archive", ["push", { contentOf: idFile(plan) }, to])] };
    }),
  };
}
