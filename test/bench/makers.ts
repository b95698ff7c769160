import { bentomlContainerize } from "./bentoml.ts";
import { layersOf } from "./layers.ts";
import { ACTION, type Env, type RunOptions, runWell, stepEnvironment } from "./program.ts";

/** Something that makes an image of a Bento of the store and pushes it. */
export interface Maker {
  readonly name: string;
  /** Each round has an empty repository, so that no push finds layers of the round before. */
  make(bento: string, round: number, tag: string): Promise<Made>;
}

export interface Made {
  readonly image: string;
  /** Until it is in the registry. */
  readonly seconds: number;
  /** Of the layers that the repository did not have before. */
  readonly bytes: number;
}

interface Place {
  readonly home: string;
  readonly registry: string;
  readonly place: string;
  readonly env: Env;
  readonly options: RunOptions;
}

/** The action with the backend docker, and BentoML with the same docker; each pushes into repositories of its own. */
export function openMakers({
  home,
  registry,
  place,
  env,
  options,
}: Place): Readonly<Record<"action" | "bentoml", Maker>> {
  const repository = (name: string): string => `${registry}/bench/${name}`;
  return {
    action: maker("action", repository("action"), async (bento, image) => {
      const mirrors = `docker.io=${env["LAB_REGISTRY"] ?? ""}`;
      const own = { bento, "bentoml-home": home, backend: "docker", push: "true", tags: image };
      const inputs = { ...own, "registry-mirrors": mirrors };
      await runWell(process.execPath, [ACTION], await stepEnvironment(place, inputs, env), options);
    }),
    bentoml: maker("bentoml", repository("bentoml"), async (bento, image) => {
      await bentomlContainerize({ bento, image, home, env, place }, options);
      await runWell("docker", ["push", image], env, options);
    }),
  };
}

function maker(name: string, repository: string, work: (bento: string, image: string) => Promise<unknown>): Maker {
  const had = new Set<string>();
  return {
    name,
    async make(bento, round, tag) {
      const image = `${repository}-${round}:${tag}`;
      const started = performance.now();
      await work(bento, image);
      const seconds = (performance.now() - started) / 1000;
      let bytes = 0;
      for (const { digest, size } of await layersOf(image)) {
        const place = `${round} ${digest}`;
        if (!had.has(place)) bytes += size;
        had.add(place);
      }
      return { image, seconds, bytes };
    },
  };
}
