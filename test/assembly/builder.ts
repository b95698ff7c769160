/** A fake buildctl that returns at once. It writes environments into the fake registry or into a layout. */
import { writeFile } from "node:fs/promises";
import { ENVIRONMENT_LABEL } from "../../src/cache/names.ts";
import type { Captured, Invocation, Processes } from "../../src/machine/machine.ts";
import type { Digest } from "../../src/oci/digest.ts";
import { parsePlatform } from "../../src/oci/platform.ts";
import { HEALTHY } from "../fakes/answers.ts";
import type { FakeRegistry } from "../fakes/registry.ts";
import { environmentConfig, LAYERS, layoutOfEnvironment, storeEnvironmentAs } from "./environments.ts";

type During = (signal: AbortSignal, key: Digest) => Promise<unknown>;

export class FakeBuilder {
  /** Platforms, one for each build. */
  readonly built: string[] = [];
  readonly #fake: FakeRegistry;
  readonly #during: During;
  readonly #after: (key: Digest) => unknown;
  readonly #layers: readonly string[];

  constructor(
    fake: FakeRegistry,
    during: During = async () => undefined,
    after: (key: Digest) => unknown = () => 0,
    layers = LAYERS,
  ) {
    this.#fake = fake;
    this.#during = during;
    this.#after = after;
    this.#layers = layers;
  }

  readonly processes: Processes = {
    which: async (tool) => (tool === "buildctl" ? "/usr/bin/buildctl" : undefined),
    ask: async () => ({ code: 1, stdout: "", stderr: "" }),
    capture: async (invocation) => answer(invocation),
    stream: async ({ args, signal = new AbortController().signal }) => {
      await this.#build(args, signal);
      return { code: 0, signal: undefined, tail: [] };
    },
  };

  async #build(args: readonly string[], signal: AbortSignal): Promise<void> {
    const line = args.join(" ");
    const platform = /platform=(\S+)/.exec(line)?.[1] ?? "linux/amd64";
    this.built.push(platform);
    const key = (new RegExp(`label:${ENVIRONMENT_LABEL}=(\\S+)`).exec(line)?.[1] ?? "") as Digest;
    await this.#during(signal, key);
    const config = environmentConfig(key, parsePlatform(platform), this.#layers);
    const digest = await this.#deliver(fieldsOf(optionOf(args, "--output")), config);
    await writeFile(optionOf(args, "--metadata-file"), JSON.stringify({ "containerimage.digest": digest }));
    await this.#after(key);
  }

  async #deliver(fields: ReadonlyMap<string, string>, config: object): Promise<Digest> {
    const directory = fields.get("dest");
    if (directory !== undefined) return layoutOfEnvironment(directory, config);
    const [, path = "", tag] = /^[^/]+\/([^:]+)(?::(.+))?$/.exec(fields.get("name") ?? "") ?? [];
    const refused = this.#fake.quirks.immutable !== undefined && tag !== undefined;
    if (refused && this.#fake.manifests.get(path)?.has(tag)) throw new Error(`${tag} is immutable`);
    return storeEnvironmentAs(this.#fake, path, fields.has("push-by-digest") ? undefined : tag, config, this.#layers)
      .digest;
  }
}

function answer({ tool, args }: Invocation): Captured {
  const line = [tool, ...args].join(" ");
  const [, { code, stdout = "", stderr = "" } = { code: 127 }] =
    Object.entries(HEALTHY).find(([start]) => line.startsWith(start)) ?? [];
  return { code, stdout, stderr };
}

function optionOf(args: readonly string[], flag: string): string {
  return args[args.indexOf(flag) + 1] ?? "";
}

function fieldsOf(text: string): ReadonlyMap<string, string> {
  const fields = text.split(",").map((field) => field.replace(/^"|"$/g, "").split("="));
  return new Map(fields.map(([key = "", ...rest]) => [key, rest.join("=")]));
}
