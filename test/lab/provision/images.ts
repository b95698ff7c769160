import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { artifact } from "../artifact.ts";
import { lines, run } from "../command.ts";
import { type Architecture, debianSuite, type RootName, roots, sourceDateEpoch } from "../pins.ts";
import type { Places } from "../places.ts";
import { freePort } from "../port.ts";
import { addLayer, type ImageSettings, openLayout, writeImage } from "./layout.ts";
import { serveWhile } from "./registry.ts";
import { packRoot } from "./rootfs.ts";

const bundle = "/etc/ssl/certs/ca-certificates.crt";

/** Raise when this file changes what is in the images. */
const revision = 2;

const trust = [`SSL_CERT_FILE=${bundle}`, `REQUESTS_CA_BUNDLE=${bundle}`, `PIP_CERT=${bundle}`];
const path = "PATH=/usr/local/bin:/usr/local/sbin:/usr/sbin:/usr/bin:/sbin:/bin";

interface Base {
  root: RootName;
  config: ImageSettings;
}

/** The stand-ins of Docker Hub's images. Debian's Python is 3.11, so no other tag of python would be honest. */
const bases = {
  "library/python:3.11-slim": {
    root: "python",
    config: { Env: [path, "LANG=C.UTF-8", "PYTHON_VERSION=3.11.2", ...trust], Cmd: ["python3"] },
  },
  "library/debian:bookworm-slim": { root: "python", config: { Env: [path, ...trust], Cmd: ["bash"] } },
  "library/busybox:stable": { root: "busybox", config: { Env: [path], Cmd: ["sh"] } },
} satisfies Readonly<Record<string, Base>>;

/** A registry's storage directory with the stand-in base images for two architectures. */
export function baseImages(places: Places, log: string): Promise<string> {
  return artifact(places, {
    name: "bases",
    ingredients: ingredientsOf(places, [bases, roots]),
    make: async (draft) => {
      const layout = join(draft, "layout");
      openLayout(layout);
      const both = async (root: RootName) => {
        const [amd64, arm64] = await Promise.all([
          packed(places, layout, root, "amd64", log),
          packed(places, layout, root, "arm64", log),
        ]);
        return { amd64, arm64 };
      };
      const [python, busybox] = await Promise.all([both("python"), both("busybox")]);
      const layers = { python, busybox };
      await storing(draft, async (registry) => {
        for (const [name, { root, config }] of Object.entries(bases)) {
          writeImage(layout, layers[root], config);
          await upload(layout, `${registry}/${name}`, log);
        }
      });
      rmSync(layout, { recursive: true });
    },
  });
}

const DEMO_BASE = "library/python:3.11-slim";

/** A registry's storage directory with the one base image of the demo, for amd64. */
export function demoBaseImage(places: Places, log: string): Promise<string> {
  const base = bases[DEMO_BASE];
  return artifact(places, {
    name: "demo-base",
    ingredients: ingredientsOf(places, [base, roots.python.amd64]),
    make: async (draft) => {
      const layout = join(draft, "layout");
      openLayout(layout);
      writeImage(layout, { amd64: await packed(places, layout, base.root, "amd64", log) }, base.config);
      await storing(draft, (registry) => upload(layout, `${registry}/${DEMO_BASE}`, log));
      rmSync(layout, { recursive: true });
    },
  });
}

function ingredientsOf(places: Places, images: readonly unknown[]): readonly string[] {
  const hooks = ["finish-rootfs.sh", "unpack-only.sh", "busybox-links.sh"];
  return [
    String(revision),
    debianSuite,
    JSON.stringify([...images, sourceDateEpoch]),
    ...[...hooks.map((name) => join(places.source, "base", name)), bundle].map(sha256),
  ];
}

/** The layer of a root file system, in the layout. */
async function packed(places: Places, layout: string, root: RootName, architecture: Architecture, log: string) {
  const tar = join(dirname(layout), `${root}-${architecture}.tar`);
  await packRoot(places, root, architecture, tar, log);
  const layer = await addLayer(layout, tar);
  rmSync(tar);
  return layer;
}

/** A registry's storage directory with the BuildKit image that buildx's docker-container driver starts. */
export function buildkitImage(places: Places, kits: readonly string[], log: string): Promise<string> {
  return artifact(places, {
    name: "buildkit-image",
    ingredients: [String(revision), ...kits, sha256(bundle)],
    make: async (draft) => {
      const layout = join(draft, "layout");
      openLayout(layout);
      const tar = join(draft, "root.tar");
      await packBuildkit(join(draft, "root"), kits, tar);
      const layer = await addLayer(layout, tar);
      rmSync(tar);
      writeImage(layout, { amd64: layer }, { Env: [path, ...trust], Entrypoint: ["/usr/bin/buildkitd"] });
      await storing(draft, (registry) => upload(layout, `${registry}/moby/buildkit:buildx-stable-1`, log));
      rmSync(layout, { recursive: true });
    },
  });
}

/** A root file system of nothing but BuildKit, runc, a shell and the libraries these load. */
async function packBuildkit(root: string, kits: readonly string[], tar: string): Promise<void> {
  const kept = ["buildkitd", "buildctl", "runc"].flatMap((name) => kits.map((kit) => join(kit, name)));
  const programs = [...kept.filter((file) => existsSync(file)), "/bin/sh"];
  const libraries = new Set<string>();
  for (const program of programs) {
    const printed = await lines(["ldd", program]); // fails for a static program: no libraries
    for (const line of printed) libraries.add(/(\/\S+) \(0x/.exec(line)?.[1] ?? "");
  }
  libraries.delete("");
  const place = (file: string, at: string) => {
    mkdirSync(dirname(join(root, at)), { recursive: true });
    copyFileSync(file, join(root, at));
  };
  for (const program of programs)
    place(program, program === "/bin/sh" ? program : `usr/bin/${program.split("/").at(-1)}`);
  for (const library of libraries) place(library, library);
  place(bundle, bundle);
  mkdirSync(join(root, "tmp"), { mode: 0o1777 });
  writeFileSync(join(root, "etc/passwd"), "root:x:0:0:root:/root:/bin/sh\n");
  writeFileSync(join(root, "etc/group"), "root:x:0:\n");
  const stable = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", `--mtime=@${sourceDateEpoch}`];
  await run(["tar", "--create", "--file", tar, "--directory", root, ...stable, "--format=gnu", "."]);
  rmSync(root, { recursive: true });
}

async function storing(draft: string, work: (registry: string) => Promise<void>): Promise<void> {
  const port = await freePort();
  await serveWhile({ storage: join(draft, "storage"), port, config: join(draft, "registry.yml") }, () =>
    work(`127.0.0.1:${port}`),
  );
  rmSync(join(draft, "registry.yml"));
}

async function upload(layout: string, reference: string, log: string): Promise<void> {
  await run(
    [
      "skopeo",
      "copy",
      "--all",
      "--preserve-digests",
      "--dest-tls-verify=false",
      `oci:${layout}`,
      `docker://${reference}`,
    ],
    { log },
  );
}

function sha256(file: string): string {
  return createHash("sha256").update(readFileSync(file)).digest("hex");
}
