/** A Bento whose environment builds in a second on every platform: its base image has a shell, and a uv that installs next to nothing. */
import { execFile } from "node:child_process";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Lab } from "./backends.ts";
import { unpackHome } from "./bento.ts";

export const TINY_BASE = "tiny/base:1";

/** What `uv venv … DIRECTORY` leaves behind, and a trace of installing packages. */
const UV =
  '#!/bin/sh\\nfor last; do :; done\\nif [ "$1" = venv ]; then mkdir -p "$last/bin"; else echo > /app/.venv/installed; fi\\n';
/** What BentoML has installed on Debian is there, or nobody's business. */
const APT = "#!/bin/sh\\n";
const DOCKERFILE = `FROM busybox:stable\nRUN printf '${UV}' > /bin/uv && printf '${APT}' > /bin/apt-get && chmod 755 /bin/uv /bin/apt-get\n`;

export interface TinyBento {
  /** Its tag in the store. */
  readonly bento: string;
  /** The BENTOML_HOME; the caller removes it. */
  readonly home: string;
  /** Its own directory. */
  readonly directory: string;
}

/** Puts the base image for amd64 and arm64 where the lab's engines look for docker.io's; always the same digest. */
export async function pushTinyBase({ env, registry }: Lab): Promise<void> {
  const context = await mkdtemp(join(tmpdir(), "bento-image-tiny-"));
  try {
    await writeFile(join(context, "Dockerfile"), DOCKERFILE);
    const inputs = ["--frontend=dockerfile.v0", `--local=context=${context}`, `--local=dockerfile=${context}`];
    const options = ["--opt=platform=linux/amd64,linux/arm64", "--opt=build-arg:SOURCE_DATE_EPOCH=315619200"];
    const output = `--output=type=image,name=${registry}/${TINY_BASE},push=true,rewrite-timestamp=true`;
    await promisify(execFile)("buildctl", ["build", ...inputs, ...options, output], { env });
  } finally {
    await rm(context, { recursive: true });
  }
}

/** Three services and three models, on the tiny base or another one, with the commands alone. */
export async function unpackTiny({ base = TINY_BASE, commands = [] as readonly string[] } = {}): Promise<TinyBento> {
  const home = await unpackHome("multi-service");
  const versions = join(home, "bentos/search_gateway");
  const version = (await readdir(versions)).find((name) => name !== "latest") ?? "";
  const directory = join(versions, version);
  const manifest = await readFile(join(directory, "bento.yaml"), "utf8");
  await writeFile(
    join(directory, "bento.yaml"),
    manifest
      .replace(/^( {2}base_image:).*$/m, `$1 ${base}`)
      .replace(/^( {2}commands:)\n(?: {2}[- ] .*\n)+/m, `$1 ${JSON.stringify(commands)}\n`),
  );
  return { bento: `search_gateway:${version}`, home, directory };
}
