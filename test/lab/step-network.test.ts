/** What a build step reaches of the runner's own services, as docs/setup.md says. */
import { once } from "node:events";
import { rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer } from "node:net";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Inputs } from "./runner.ts";
import { openSetupSetting, type SetupSetting } from "./setup-setting.ts";
import { TINY_BASE } from "./tiny.ts";

/** A service that listens on the runner's localhost alone. */
const service = createServer((socket) => void socket.end("a service of the runner\n"));

let setting: SetupSetting;
let dockerfile = "";

beforeAll(async () => {
  setting = await openSetupSetting();
  service.listen(0, "127.0.0.1");
  await once(service, "listening");
  const { port } = service.address() as AddressInfo;
  dockerfile = join(setting.tiny.directory, "Network.Dockerfile");
  const ask = `nc -w 3 127.0.0.1 ${port} < /dev/null`;
  await writeFile(dockerfile, `FROM ${TINY_BASE}\nRUN ${ask} | sed 's/^/heard: /'; echo end; date > /now\n`);
});

afterAll(async () => {
  service.close();
  await rm(dockerfile);
  await setting.close();
});

/** The log of a build whose one step asks the service. */
async function build(inputs: Inputs, env: Readonly<Record<string, string>> = {}): Promise<string> {
  const job = await setting.machine.job();
  const tag = setting.newTag();
  const step = await job.step("main", setting.builds(tag, { dockerfile, "no-cache": "true", ...inputs }), { env });
  await setting.expectPushed(step, tag);
  if (step.engine !== "") await setting.expectNothingLeft(job, step);
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
  const { lab } = setting;
  expect(await build({ backend: "docker" }, { ...lab.env, ...setting.lab.backends.docker.env })).not.toContain(HEARD);
});
