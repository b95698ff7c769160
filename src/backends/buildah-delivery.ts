/** How podman and buildah build and deliver: a build for each platform, and exact bytes by way of an OCI layout. */

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
import { passingLayout, wants } from "./deliveries.ts";
import { saveFromService } from "./podman-remote.ts";

/** One of several images. */
interface Part {
  readonly platform: Platform;
  /** The file that the build writes the local image id to. */
  readonly idFile: string;
  /** Its name in a layout, before it is joined. */
  readonly name: string;
}

/** The name of what a layout or archive holds. */
function nameOf({ references }: Plan): string {
  return references[0].tag ?? "latest";
}

/** The images of an index, in its order; undefined when one manifest is enough. */
function partsOf({ features: { platforms }, kept }: Plan): NonEmpty<Part> | undefined {
  if (platforms === undefined || platforms.length < 2) return undefined;
  return nonEmpty(
    platforms.map((platform) => {
      const name = printPlatform(platform).replaceAll("/", "-");
      return { platform, idFile: `${kept}/image-${name}.id`, name };
    }),
  );
}

/** The file of the one image's local id. */
function idFile({ kept }: Plan): string {
  return `${kept}/image.id`;
}

/** Flags stand before the context everywhere: buildah takes none after it. */
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
    const parts = partsOf(plan);
    if (parts !== undefined) {
      const [first, ...others] = parts;
      const member = ({ platform, idFile: iidfile }: Part): Build => {
        const printed = printPlatform(platform);
        // The local ids of several images are no claim about their index.
        return { command: build(`${tool} build ${printed}`, iidfile, ["--platform", printed]), evidence: [] };
      };
      return [member(first), ...others.map(member)];
    }
    const names = wants(plan, "load") ? namesOf(plan).flatMap((name) => ["--tag", name]) : [];
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

/** Compression is said, never left to what the destination happens to hold: the digest must not depend on where the image goes. */
function exportFlags({ features: { compression } }: Plan): Argv {
  const { format = "gzip", level } = compression ?? {};
  return [
    ...["--compression-format", format, "--force-compression"],
    ...(level === undefined ? [] : ["--compression-level", String(level)]),
  ];
}

type Made = Required<Pick<DeliverySteps, "steps" | "evidence">>;

/** Several images go into one layout, where they share blobs, and are joined there. */
function toLayout(tool: string, plan: Plan, { remote }: Engine): Made | Unsupported {
  const layout = passingLayout(plan);
  if (remote === true) return saveFromService({ contentOf: idFile(plan) }, plan, { kind: "layout", path: layout });
  const evidence = [{ kind: "layout" as const, path: layout }];
  const name = nameOf(plan);
  const parts = partsOf(plan);
  const put = plan.features.format === "docker" ? putDocker : putOci;
  if (parts === undefined) return { steps: put(tool, plan, idFile(plan), name), evidence };
  const exported = parts.flatMap((part) => put(tool, plan, part.idFile, part.name));
  const [first, ...others] = parts;
  const members: NonEmpty<Member> = [memberOf(first), ...others.map(memberOf)];
  return { steps: [...exported, { kind: "join", layout, members, name }], evidence };
}

/** What goes on from the layout. */
function fromLayout(tool: string, plan: Plan, engine: Engine, next: Step): DeliverySteps | Unsupported {
  const made = toLayout(tool, plan, engine);
  return isUnsupported(made) ? made : { ...made, steps: [...made.steps, next] };
}

/** From the store to a name in the layout. */
type Put = (tool: string, plan: Plan, from: string, to: string) => readonly Step[];

const putOci: Put = (tool, plan, from, to) => [
  run(tool, "push oci", ["push", ...exportFlags(plan), { contentOf: from }, `oci:${passingLayout(plan)}:${to}`]),
];

/**
 * `oci:` would make another image of one in docker's format, with another id; `dir:` holds it as it is. There podman
 * compresses when it is told to, and buildah always. Source: https://docs.podman.io/en/latest/markdown/podman-push.1.html
 */
const putDocker: Put = (tool, plan, from, to) => {
  const directory = `${plan.scratch}/docker-${to}`;
  const flags = [...(tool === "podman" ? ["--compress"] : []), ...exportFlags(plan)];
  return [
    run(tool, "push dir", ["push", ...flags, { contentOf: from }, `dir:${directory}`]),
    { kind: "adopt", directory, layout: passingLayout(plan), name: to },
  ];
};

type Member = Extract<Step, { kind: "join" }>["members"][0];

function memberOf({ name, platform }: Part): Member {
  return { name, platform };
}

/** The tools would write an index of their own into an archive; a layout in a tar file is one. */
function toArchive(tool: string, plan: Plan, path: string, engine: Engine): DeliverySteps | Unsupported {
  if (engine.remote === true) return saveFromService({ contentOf: idFile(plan) }, plan, { kind: "oci-archive", path });
  const evidence = [{ kind: "oci-archive" as const, path }];
  if (partsOf(plan) === undefined) {
    const to = `oci-archive:${path}:${nameOf(plan)}`;
    const args = ["push", ...exportFlags(plan), { contentOf: idFile(plan) }, to];
    return { steps: [run(tool, "push oci-archive", args)], evidence };
  }
  const made = toLayout(tool, plan, engine);
  if (isUnsupported(made)) return made;
  const args = ["--create", "--file", path, "--directory", passingLayout(plan), "oci-layout", "index.json", "blobs"];
  return { steps: [...made.steps, run("tar", "--create", args)], evidence: [...made.evidence, ...evidence] };
}

/**
 * A list in the local store. The list is made under a name of its own, since to make one under a name that is there
 * already is an error or adds to it; to tag moves names that are there.
 */
function toList(tool: string, plan: Plan, parts: NonEmpty<Part>): DeliverySteps {
  const list = `localhost/bento-image:${basename(plan.kept).replaceAll(/[^\w.-]/g, "-")}`;
  const step = (...args: readonly Argument[]): Step => run(tool, "manifest", args);
  return {
    steps: [
      step("manifest", "create", list),
      ...parts.map((part) => step("manifest", "add", list, { contentOf: part.idFile })),
      ...namesOf(plan).map((name) => step("tag", list, name)),
      // Takes only this name away as long as there are others.
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
      ? unsupported(`podman and buildah read ${delivery.path} only up to its colon`)
      : deliver(delivery, plan, engine);
}

export function buildahDeliveries(tool: string): DeliveryTable {
  return {
    push: (_, plan, engine) =>
      fromLayout(tool, plan, engine, { kind: "upload", layout: passingLayout(plan), to: plan.references }),
    "push-by-digest": (_, plan, engine) => {
      const to = distinctRepositories(plan.references);
      return fromLayout(tool, plan, engine, { kind: "upload-by-digest", layout: passingLayout(plan), to });
    },
    // The build itself names a single image in the local store; see `assembleBuildah`.
    load: (_, plan): DeliverySteps => {
      const parts = partsOf(plan);
      return parts === undefined ? {} : toList(tool, plan, parts);
    },
    layout: withoutColon((_, plan, engine) => toLayout(tool, plan, engine)),
    "oci-archive": withoutColon(({ path }, plan, engine) => toArchive(tool, plan, path, engine)),
    "docker-archive": withoutColon(({ path }, plan, { remote }) => {
      if (remote === true) return unsupported("podman's remote client saves a docker archive without its name");
      if (partsOf(plan) !== undefined) return unsupported("a docker archive holds one platform");
      const to = `docker-archive:${path}:${printReference(plan.references[0])}`;
      return { steps: [run(tool, "push docker-archive", ["push", { contentOf: idFile(plan) }, to])] };
    }),
  };
}
