/** What a build step reaches of the runner's own services, as docs/setup.md says. */
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Inputs } from "./runner.ts";
import { openSetupGround, type SetupGround } from "./setup-ground.ts";
import { TINY_BASE } from "./tiny.ts";

/** A service that listens on the runner's localhost alone. */
const service = createServer((socket) => void socket.end("a service of the runner\n"));

let ground: SetupGround;
let dockerfile = "";

beforeAll(async () => {
  ground = await openSetupGround();
  service.listen(0, "127.0.0.1");
  await once(service, "listening");
  const { port } = service.address() as AddressInfo;
  dockerfile = join(ground.tiny.directory, "Network.Dockerfile");
  const ask = `nc -w 3 127.0.0.1 ${port} < /dev/null`;
  await writeFile(dockerfile, `FROM ${TINY_BASE}\nRUN ${ask} | sed 's/^/heard: /'; echo end; date > /now\n`);
});

afterAll(async () => {
  service.close();
  await rm(dockerfile);
  await ground.close();
});

/** The log of a build whose one step asks the service. */
async function build(inputs: Inputs, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const job = await ground.machine.job();
  const tag = ground.newTag();
  const step = await job.step("main", ground.builds(tag, { dockerfile, "no-cache": "true", ...inputs }), { env });
  await ground.expectPushed(step, tag);
  if (step.engine !== "") await ground.expectNothingLeft(job, step);
  expect(step.log).toMatch(/(?:^|\s)end$/m);
  return step.log;
}

const HEARD = "heard: a service of the runner";

it("an engine of the action's own shares the machine's network with its steps", async () => {
  expect(await build({ backend: "buildctl" })).toContain(HEARD);
});

it("with network: none a step reaches nothing", async () => {
  expect(await build({ backend: "buildctl", network: "none" })).not.toContain(HEARD);
});

it("a docker daemon does not lead its steps to the machine's localhost", async () => {
  const { lab } = ground;
  expect(await build({ backend: "docker" }, { ...lab.env, ...ground.lab.backends.docker.env })).not.toContain(HEARD);
});
