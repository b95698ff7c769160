/**
 * What it costs to have an image in the engine's own store: the real BentoML (`containerize`) against the action, both with
 * the same docker; and a code change on the other stores, by the action alone.
 */
import { openLab } from "../lab/backends.ts";
import { wipe } from "../lab/environment.ts";
import type { Inputs } from "../lab/runner.ts";
import { bentomlContainerize } from "./bentoml.ts";
import { type Contest, openContest } from "./contest.ts";
import type { Figure } from "./figure.ts";
import { removeModel, writeBento, writeModel } from "./model-store.ts";
import { ACTION, type Env, runWell, stepEnvironment } from "./program.ts";
import type { Settings } from "./settings.ts";
import { median } from "./turns.ts";

/** Of the model. */
const MEBIBYTES = 1024;
/** What takes less than a second is measured so often in each round. */
const REPEATS = 3;

/** Scenario → how many times faster than BentoML it has to be. */
const SCENARIOS = { first: 2, unchanged: 8, code: 40, model: 3.5 } as const;
type Scenario = keyof typeof SCENARIOS;
const TITLES: Readonly<Record<Scenario, string>> = {
  first: "first load, docker",
  unchanged: "unchanged, docker",
  code: "one line changed, docker",
  model: "new model, docker",
};
/** Seconds. */
const CODE_BUDGET = 1.2;
const OTHERS_BUDGET = 1.5;

/** Backends with a store of their own. */
const OTHERS = ["podman", "buildah", "nerdctl"] as const;

type Seconds = Readonly<Record<Scenario, number[]>>;
/** Loads the Bento; gives the seconds that it took. */
type Load = (bento: string) => Promise<number>;

export async function measureLoad(settings: Settings): Promise<readonly Figure[]> {
  await using contest = await openContest(settings);
  const times = { bentoml: noSeconds(), action: noSeconds() };
  for (let round = 0; round < settings.builds; round += 1) {
    for (const [name, load] of [
      ["bentoml", byBentoml(contest)],
      ["action", byAction(contest)],
    ] as const) {
      contest.say(`${MEBIBYTES} MiB, round ${round + 1}: ${name}`);
      await contest.wipe({ places: contest.stores, except: "" });
      await playAll(load, `${name}-${round}`, contest, times[name]);
    }
  }
  const others: Figure[] = [];
  for (const name of OTHERS) others.push(await codeChange(name, contest));
  return [...figuresOf(times.action, times.bentoml), ...others];
}

function noSeconds(): Seconds {
  return { first: [], unchanged: [], code: [], model: [] };
}

async function playAll(load: Load, name: string, { home }: Contest, times: Seconds): Promise<void> {
  try {
    const model = `${name}-1`;
    await writeModel(home, model, MEBIBYTES);
    const bento = await writeBento(home, `${name}-first`, model);
    times.first.push(await load(bento));
    for (let time = 0; time < REPEATS; time += 1) times.unchanged.push(await load(bento));
    for (let time = 0; time < REPEATS; time += 1)
      times.code.push(await load(await writeBento(home, `${name}-code-${time}`, model)));
    await writeModel(home, `${name}-2`, MEBIBYTES);
    times.model.push(await load(await writeBento(home, `${name}-model`, `${name}-2`)));
  } finally {
    await removeModel(home);
  }
}

function byBentoml({ home, place, env, signal }: Contest): Load {
  return async (bento) => {
    const started = performance.now();
    await bentomlContainerize({ bento, image: `load/${bento}`, home, place, env }, { signal });
    return (performance.now() - started) / 1000;
  };
}

function byAction(contest: Contest): Load {
  return (bento) => loadByAction(bento, contest, { backend: "docker" }, contest.env);
}

async function loadByAction(bento: string, contest: Contest, own: Inputs, env: Env): Promise<number> {
  const { home, mirror, place, signal } = contest;
  const mirrors = { "registry-mirrors": `docker.io=${mirror.host}` };
  const inputs = { bento, "bentoml-home": home, tags: `load/${bento}`, assembly: "direct", ...mirrors, ...own };
  const step = await stepEnvironment(place, inputs, env);
  return (await runWell(process.execPath, [ACTION], step, { signal })).milliseconds / 1000;
}

/** A code change with one of the backends, whose store has the image before. */
async function codeChange(name: (typeof OTHERS)[number], contest: Contest): Promise<Figure> {
  const { backends } = await openLab();
  const { inputs, env } = backends[name];
  const seconds: number[] = [];
  try {
    await writeModel(contest.home, name, MEBIBYTES);
    for (let time = 0; time <= REPEATS; time += 1) {
      const bento = await writeBento(contest.home, `${name}-other-${time}`, name);
      const taken = await loadByAction(bento, contest, { backend: name, builder: inputs["builder"] ?? "" }, env);
      if (time > 0) seconds.push(taken);
    }
  } finally {
    await removeModel(contest.home);
    await wipe(name);
  }
  return { what: `one line changed, ${name}`, value: median(seconds), unit: "s", budget: OTHERS_BUDGET };
}

function figuresOf(action: Seconds, bentoml: Seconds): readonly Figure[] {
  return (Object.keys(SCENARIOS) as Scenario[]).flatMap((scenario): readonly Figure[] => {
    const [own, against] = [median(action[scenario]), median(bentoml[scenario])];
    const budget = scenario === "code" ? { budget: CODE_BUDGET } : {};
    return [
      {
        what: TITLES[scenario],
        value: own,
        unit: "s",
        against: { name: "bentoml containerize", value: against },
        ...budget,
      },
      {
        what: `${TITLES[scenario]}: how many times faster`,
        value: against / own,
        unit: "×",
        floor: SCENARIOS[scenario],
      },
    ];
  });
}
