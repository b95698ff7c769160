/** What the tests of the set-up stand on: a bare machine, a small Bento, and what must be true afterwards. */
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { expect } from "vitest";
import { type Lab, openLab } from "./backends.ts";
import { type BareMachine, openBareMachine } from "./bare.ts";
import { heldBy } from "./image.ts";
import type { Job, Step } from "./job.ts";
import type { Inputs } from "./runner.ts";
import { pushTinyBase, type TinyBento, unpackTiny } from "./tiny.ts";
import { networkLinks, tracesOf } from "./traces.ts";

export interface SetupSetting {
  readonly lab: Lab;
  readonly machine: BareMachine;
  readonly tiny: TinyBento;
  /** Variables and a PATH that make the lab's docker the machine's; its command has no plugin. */
  readonly docker: Readonly<Record<string, string>>;
  /** Inputs that build the tiny Bento by the backend alone, and push it. */
  builds(tag: string, inputs?: Inputs): Inputs;
  newTag(): string;
  /** The digest that it says is the registry's. */
  expectPushed(step: Step, tag: string): Promise<void>;
  /** Its post step goes well, and no process, mount, socket, interface, container, volume or file of its engine is left. */
  expectNothingLeft(job: Job, step: Step): Promise<void>;
  close(): Promise<void>;
}

export async function openSetupSetting(): Promise<SetupSetting> {
  const lab = await openLab();
  await pushTinyBase(lab);
  const [machine, tiny] = await Promise.all([openBareMachine(lab), unpackTiny()]);
  const linksBefore = await networkLinks();
  const common = { bento: tiny.bento, "bentoml-home": tiny.home, push: "true", assembly: "backend" };
  return {
    lab,
    machine,
    tiny,
    docker: { PATH: `${machine.docker}:${machine.env["PATH"]}`, DOCKER_HOST: lab.env["DOCKER_HOST"] ?? "" },
    builds: (tags, inputs = {}) => ({ ...machine.inputs, ...common, tags, ...inputs }),
    newTag: () => `${lab.registry}/setup/${randomUUID()}:1`,
    async expectPushed(step, tag) {
      expect(step.code, step.log.slice(-6000)).toBe(0);
      expect(step.outputs["digest"]).toBe((await heldBy(tag)).digest);
    },
    async expectNothingLeft(job, step) {
      expect(step.engine).toMatch(/^bento-image-engine-/);
      const { code, log } = await step.post();
      expect(code, log).toBe(0);
      expect(log).not.toContain("::warning");
      expect(await tracesOf(step.engine, lab.env)).toEqual([]);
      expect(await networkLinks()).toEqual(linksBefore);
      expect(await job.left()).not.toContain(step.engine);
    },
    async close() {
      await rm(tiny.home, { recursive: true });
      await machine.close();
    },
  };
}
