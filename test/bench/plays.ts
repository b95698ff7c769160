/** The scenarios of each player in one round, in the order in which each leaves what the next starts from. */
import type { Inputs } from "../lab/runner.ts";
import { buildByHand } from "./by-hand.ts";
import type { Contest } from "./contest.ts";
import { type AssemblyRequest, CONTESTANTS, type Mode } from "./contestants.ts";
import { sha256sum, upload } from "./limit.ts";
import { writeBento, writeModel } from "./model-store.ts";
import type { Scenario } from "./scenarios.ts";
import { type Stay, stay, type Turn } from "./stay.ts";

/** What starts no builder takes less than a second; its median is of more runs. */
const REPEATS = 5;

/** A mode of making images, in all scenarios. */
export function playMode(mode: Mode, turn: Turn, contest: Contest): Promise<void> {
  return stay(mode, turn, contest, async (here) => {
    const repeats = mode === "direct" ? REPEATS : 1;
    const make = makerOf(mode, contest, here);
    const first = await newModel(turn, contest, here);
    const bento = await writeBento(contest.home, here.version(), first);
    await here.wiped();
    await make("cold", bento);
    await make("warm", bento);
    for (let time = 0; time < repeats; time += 1) await change("code");
    if (mode === "direct")
      for (let time = 0; time < repeats; time += 1) await change("verified", { "verify-models": "true" });
    await here.wiped();
    await make("model", await withNewModel());
    if (mode !== "direct") await make("modelWarm", await withNewModel());

    async function change(scenario: Scenario, inputs?: Inputs): Promise<void> {
      const changed = await writeBento(contest.home, here.version(), first);
      await here.wiped();
      await make(scenario, changed, inputs);
    }

    async function withNewModel(): Promise<string> {
      return writeBento(contest.home, here.version(), await newModel(turn, contest, here));
    }
  });
}

/** The environment as direct assembly has it built, and no model: a Bento without one. */
export function playEnvironment(turn: Turn, contest: Contest): Promise<void> {
  return stay("direct", turn, contest, async (here) => {
    const bento = await writeBento(contest.home, `environment-${here.version()}`);
    await here.wiped();
    await makerOf("direct", contest, here)("environment", bento);
  });
}

/** The action's own command lines without the action. */
export function playHand(turn: Turn, contest: Contest): Promise<void> {
  return stay("hand", turn, contest, async (here) => {
    const bento = await writeBento(contest.home, here.version(), await newModel(turn, contest, here));
    await here.wiped();
    const order = { bento, image: `${here.repository}:by-hand` };
    await buildByHand(order, contest, async (work) => void (await here.play("cold", work)));
  });
}

/** `sha256sum` of the model, and `curl` sends it. */
export function playLimit(turn: Turn, contest: Contest): Promise<void> {
  return stay("limit", turn, contest, async ({ play, repository, version }) => {
    const { env, home, signal } = contest;
    const path = await writeModel(home, version(), turn.mebibytes);
    let digest = "";
    await play("hash", async () => {
      digest = await sha256sum(path, env, signal);
    });
    await play("upload", () => upload({ path, digest, repository }, env, signal));
  });
}

function makerOf(mode: Mode, contest: Contest, { play, repository, version }: Stay) {
  return async (scenario: Scenario, bento: string, inputs: Inputs = {}): Promise<void> => {
    const order: AssemblyRequest = { bento, image: `${repository}:${version()}`, inputs };
    await play(scenario, (follow) => CONTESTANTS[mode](order, contest, follow));
  };
}

async function newModel({ mebibytes }: Turn, { home }: Contest, { version }: Stay): Promise<string> {
  const model = version();
  await writeModel(home, model, mebibytes);
  return model;
}
