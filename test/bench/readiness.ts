/**
 * The image of a real Bento against the one that BentoML itself makes of it, with the docker of the lab: a first build and
 * a change of one line, both with the push, and the time until the service answers.
 */
import { rm } from "node:fs/promises";
import { openLab } from "../lab/backends.ts";
import { unpackHome } from "../lab/bento.ts";
import { wipe } from "../lab/environment.ts";
import { askService } from "../lab/service.ts";
import type { Figure, Unit } from "./figure.ts";
import { type Maker, openMakers } from "./makers.ts";
import { BENTO, writeBento } from "./model-store.ts";
import { openRegistry } from "./registry.ts";
import type { Settings } from "./settings.ts";
import { inTurn, median } from "./turns.ts";

const CALL = { path: "/classify", body: { x: [5.1, 3.5, 1.4, 0.2] } };

/** What part of BentoML's own figure it may be. `first` and `firstBytes` got theirs after they had been measured. */
const BUDGET = { ready: 1, first: 1, firstBytes: 1, change: 0.5, changeBytes: 0.001 };

/** What one round of a maker took: seconds, bytes, the image that is then in docker's store. */
interface Built {
  readonly first: number;
  readonly firstBytes: number;
  readonly change: number;
  readonly changeBytes: number;
  readonly image: string;
}

export async function measureReadiness(settings: Settings): Promise<readonly Figure[]> {
  const { env } = await openLab();
  const { place, signal } = settings;
  await using registry = await openRegistry(place, env);
  const home = await unpackHome("sklearn");
  try {
    const { action, bentoml } = openMakers({ home, registry: registry.host, place, env, options: { signal } });
    const build = (maker: Maker) => (round: number) => buildTwice(maker, home, round, settings);
    const built = await inTurn(
      settings.builds,
      {
        action: build(action),
        bentoml: build(bentoml),
      },
      { signal },
    );

    await wipe("docker");
    const images = { action: last(built.action).image, bentoml: last(built.bentoml).image };
    const start = (image: string) => async () => {
      settings.say(`starting ${image}`);
      return (await askService("docker", image, CALL, env)).readyAfter;
    };
    const ready = await inTurn(
      settings.rounds,
      { action: start(images.action), bentoml: start(images.bentoml) },
      { warm: true, signal },
    );

    const compare = (what: string, unit: Unit, part: keyof Omit<Built, "image">): Figure =>
      compared(
        what,
        unit,
        built.action.map((one) => one[part]),
        built.bentoml.map((one) => one[part]),
        BUDGET[part],
      );
    return [
      compared("from docker run to /readyz", "s", ready.action, ready.bentoml, BUDGET.ready),
      compare("first build and push, wiped docker", "s", "first"),
      compare("bytes of its layers", "bytes", "firstBytes"),
      compare("one line changed, build and push", "s", "change"),
      compare("bytes of its new layers", "bytes", "changeBytes"),
    ];
  } finally {
    await rm(home, { recursive: true });
    await wipe("docker");
  }
}

async function buildTwice(maker: Maker, home: string, round: number, { say }: Settings): Promise<Built> {
  await wipe("docker");
  say(`${maker.name} builds, round ${round + 1}`);
  const first = await maker.make(`${BENTO.name}:${BENTO.version}`, round, "first");
  say(`${maker.name} builds a change`);
  const changed = await writeBento(home, `${maker.name}${round}${process.pid}`);
  const change = await maker.make(changed, round, "changed");
  return {
    first: first.seconds,
    firstBytes: first.bytes,
    change: change.seconds,
    changeBytes: change.bytes,
    image: change.image,
  };
}

function compared(what: string, unit: Unit, ours: readonly number[], theirs: readonly number[], part: number): Figure {
  const base = median(theirs);
  return {
    what,
    value: median(ours),
    unit,
    against: { name: "bentoml containerize", value: base },
    budget: base * part,
  };
}

function last<T>(items: readonly T[]): T {
  const item = items.at(-1);
  if (item === undefined) throw new Error("nothing was built");
  return item;
}
