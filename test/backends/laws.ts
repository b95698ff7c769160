/** Laws that hold for every backend; `describeLaws` tests them on a backend in `BACKENDS` or another one. */
import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type Backend,
  type Command,
  type Delivery,
  type FeatureName,
  type Features,
  isUnsupported,
  type Plan,
  type Step,
  unsupported,
} from "../../src/backends/backend.ts";
import { BACKENDS } from "../../src/backends/index.ts";
import {
  answer,
  constructRefusalOf,
  DELIVERY_INPUT,
  deliver,
  dialectOf,
  INPUT_OF,
} from "../../src/commands/answers.ts";
import { compile } from "../../src/commands/compile.ts";
import { Failure } from "../../src/errors.ts";
import { printReference, printRepository } from "../../src/oci/reference.ts";
import { CONSTRUCT_NAMES, CONSTRUCTS, type Construct, constructsOf } from "../../src/recipe/dialect.ts";
import { environmentSource, imageSource } from "../../src/recipe/dockerfile/dockerfile.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { GOLDEN, readRecipe } from "../recipe/bentos.ts";
import { ANOTHER } from "./features.ts";
import { planOf, REQUIRED } from "./plans.ts";

const NAMES = Object.keys(INPUT_OF) as readonly FeatureName[];

const PUSH: Delivery = { kind: "push" };

const DELIVERIES: readonly Delivery[] = [
  PUSH,
  { kind: "push-by-digest" },
  { kind: "load" },
  { kind: "layout", path: "/out/layout" },
  { kind: "oci-archive", path: "/out/oci.tar" },
  { kind: "docker-archive", path: "/out/docker.tar" },
];

const anyDeliveries = fc
  .subarray([...DELIVERIES], { minLength: 1 })
  .map(([first = PUSH, ...others]): [Delivery, ...Delivery[]] => [first, ...others]);

/** The features of every plan, without rewriting of file times: the minimum that a backend must support. */
const MINIMUM: Partial<Features> = { ...REQUIRED, epoch: { ...REQUIRED.epoch, rewrite: false } };

/** A plan with the minimum and these features. */
function minimumWith(features: Partial<Features> = {}, deliveries: Plan["deliveries"] = [PUSH]): Plan {
  return planOf({ ...MINIMUM, ...features }, deliveries);
}

function commandsOf(backend: Backend, plan: Plan): string {
  return JSON.stringify(compile(backend, plan, backend.assumed, []).steps);
}

/** The refusals, one line each; none if the plan compiles. */
function refusalsOf(backend: Backend, plan: Plan): readonly string[] {
  try {
    compile(backend, plan, backend.assumed, []);
    return [];
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    expect([error.class, error.code]).toEqual(["input", "Unsupported"]);
    return error.lines;
  }
}

/** `INPUT: REASON (NAMES can)`, with the names of all other backends for which `can` is true. */
function refusal(input: string, reason: string, backend: Backend, can: (other: Backend) => boolean): string {
  const names = BACKENDS.filter((other) => other !== backend && can(other)).map(({ name }) => name);
  return `${input}: ${reason} (${names.length === 0 ? "no backend can" : `${names.join(", ")} can`})`;
}

/** The image's names that a command pushes by itself. */
function pushedNames({ tool, args }: Command, names: readonly string[]): readonly string[] {
  const output = args.find((item) => typeof item === "string" && item.includes("push=true")) ?? "";
  if (output === "") return [];
  // nerdctl names the image by --tag and pushes only the first.
  if (tool === "nerdctl" && !String(output).includes("name=")) return names.slice(0, 1);
  return names.filter((name) => new RegExp(`[=,]${name}["',]`).test(`${output},`));
}

/** The constructs in generated Dockerfiles, independent of the code that detects them. */
const PATTERNS: Readonly<Record<Construct, RegExp>> = {
  bindMount: /--mount=type=bind/,
  cacheMount: /--mount=type=cache/,
  secretMount: /--mount=type=secret/,
  sshMount: /--mount=type=ssh/,
  tmpfsMount: /--mount=type=tmpfs/,
  stepNetwork: /RUN .*--network/,
  hereDocument: /<</,
  linkedCopy: /--link/,
  copyOwner: /--chown/,
  copyMode: /--chmod/,
};

let recipes: Promise<readonly Recipe[]> | undefined;

function readRecipes(): Promise<readonly Recipe[]> {
  recipes ??= Promise.all(Object.values(GOLDEN).map((id) => readRecipe(id)));
  return recipes;
}

/** The files and directories that a step or the reading back of the result takes from the disk. */
function readBy(step: Step): readonly string[] {
  switch (step.kind) {
    case "load":
      return [step.archive];
    case "adopt":
      return [step.directory];
    case "upload":
    case "upload-by-digest":
    case "join":
      return [step.layout];
    default:
      return [];
  }
}

/** @throws if a step or the evidence reads a file that nothing before it writes. */
function checkFiles(backend: Backend, plan: Plan): void {
  const { steps, evidence } = compile(backend, plan, backend.assumed, []);
  const written: string[] = [];
  for (const step of steps) {
    for (const path of readBy(step)) expect(written.join("\n"), `${step.kind} reads what is written`).toContain(path);
    if (step.kind === "run") written.push(...step.command.args.filter((argument) => typeof argument === "string"));
    if (step.kind === "adopt") written.push(step.layout);
  }
  for (const { path } of evidence) expect(written.join("\n"), "the evidence is written").toContain(path);
}

/**
 * @throws if a feature of every plan is refused, a delivery is refused under another input's name, or something is read
 * that no command writes.
 */
export function checkRequired(backend: Backend): void {
  for (const delivery of DELIVERIES) {
    const plan = minimumWith({}, [delivery]);
    const steps = deliver(backend, delivery, plan, backend.assumed);
    if (isUnsupported(steps)) {
      const can = (other: Backend) => !isUnsupported(deliver(other, delivery, plan, other.assumed));
      const line = refusal(DELIVERY_INPUT[delivery.kind], steps.unsupported, backend, can);
      expect(refusalsOf(backend, plan)).toEqual([line]);
    } else {
      expect(refusalsOf(backend, plan)).toEqual([]);
      if ("path" in delivery) expect(commandsOf(backend, plan)).toContain(delivery.path);
      checkFiles(backend, plan);
    }
  }
}

/** @throws if the feature is refused because of another one, or rendered as no flag without a reason. */
export function checkFeature(backend: Backend, name: FeatureName): void {
  const plan = minimumWith({ [name]: ANOTHER[name] });
  const found = answer(backend, name, ANOTHER[name], backend.assumed, plan.features);
  if (isUnsupported(found)) {
    expect(found.unsupported).toMatch(/\w+ \w+/);
    const can = (other: Backend) => !isUnsupported(answer(other, name, ANOTHER[name], other.assumed, plan.features));
    expect(refusalsOf(backend, plan)).toEqual([refusal(INPUT_OF[name], found.unsupported, backend, can)]);
    return;
  }
  expect(refusalsOf(backend, plan)).toEqual([]);
  if ("noFlag" in found) {
    expect(found.noFlag).toMatch(/\w+ \w+/);
    return;
  }
  const { [name]: _, ...others } = minimumWith().features;
  const without = commandsOf(backend, { ...plan, features: others as Plan["features"] });
  expect(commandsOf(backend, plan), `${name} is accepted, so the command line must change with it`).not.toBe(without);
}

export function describeLaws(backend: Backend): void {
  const { assumed: engine } = backend;

  it("compiles the same plan to the same commands", () => {
    fc.assert(
      fc.property(anyDeliveries, (deliveries) => {
        const plan = minimumWith({}, deliveries);
        expect(commandsOf(backend, plan)).toBe(commandsOf(backend, plan));
      }),
    );
  });

  it("supports the features of every plan, and makes or refuses each delivery", () => checkRequired(backend));

  it.each(NAMES)(
    "answers %s with flags, with why none are needed, or by refusing it alone, with the backends that support it",
    (name) => checkFeature(backend, name),
  );

  it.each(CONSTRUCT_NAMES)(
    "refuses a Dockerfile with %s by name if it does not read it, and nothing else",
    (construct) => {
      const plan = { ...minimumWith(), constructs: [construct] };
      const reason = constructRefusalOf(backend, construct, engine);
      const can = (other: Backend) => constructRefusalOf(other, construct, other.assumed) === undefined;
      const line = refusal("dockerfile", `${CONSTRUCTS[construct]}: ${reason}`, backend, can);
      expect(refusalsOf(backend, plan)).toEqual(reason === undefined ? [] : [line]);
    },
  );

  it.each(CONSTRUCT_NAMES)("without %s gets other generated Dockerfiles, or refuses them", async (construct) => {
    const lacking = { ...backend, dialect: { ...backend.dialect, [construct]: unsupported("it is passed over") } };
    const dialect = dialectOf(lacking, engine);
    for (const recipe of await readRecipes()) {
      for (const { dockerfile } of [imageSource(recipe, { dialect }), environmentSource(recipe, { dialect })]) {
        if (!PATTERNS[construct].test(dockerfile)) continue;
        const lines = refusalsOf(lacking, { ...minimumWith(), constructs: constructsOf(dockerfile) });
        expect(lines).toContainEqual(
          expect.stringContaining(`dockerfile: ${CONSTRUCTS[construct]}: it is passed over (`),
        );
      }
    }
  });

  it("reads the environment's Dockerfile of a plain Bento", async () => {
    const recipe = await readRecipe(GOLDEN["minimal: the least a Bento has"]);
    const { dockerfile, newestTime } = environmentSource(recipe, { dialect: dialectOf(backend, engine) });
    const epoch = { ...REQUIRED.epoch, rewrite: newestTime === undefined };
    const plan = { ...minimumWith({ epoch, target: "environment" }), constructs: constructsOf(dockerfile) };
    expect(refusalsOf(backend, plan)).toEqual([]);
  });

  it("delivers every tag of a push exactly once", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5 }), anyDeliveries, (count, deliveries) => {
        const tags = Array.from({ length: count }, (_, index) => `registry.example.com/acme/iris:v${index}`);
        const [first = "", ...others] = tags;
        const rest = deliveries.filter(({ kind }) => !kind.startsWith("push"));
        const plan = planOf(MINIMUM, [PUSH, ...rest], [first, ...others]);
        const pushed = compile(backend, plan, engine, []).steps.flatMap((step) => {
          if (step.kind === "upload" || step.kind === "copy") return step.to.map(printReference);
          return step.kind === "run" ? pushedNames(step.command, tags) : [];
        });
        expect(pushed.toSorted()).toEqual(tags.toSorted());
      }),
    );
  });

  it("pushes by digest to every repository exactly once, and under no tag", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), anyDeliveries, (count, deliveries) => {
        const names = Array.from({ length: count }, (_, index) => `registry.example.com/acme/iris${index}`);
        const [first = "", ...others] = names.flatMap((name) => [`${name}:v1`, `${name}:v2`]);
        const files = deliveries.filter(({ kind }) => !kind.startsWith("push") && kind !== "load");
        const plan = planOf(MINIMUM, [{ kind: "push-by-digest" }, ...files], [first, ...others]);
        const pushed = compile(backend, plan, engine, []).steps.flatMap((step) => {
          if (step.kind === "upload-by-digest") return step.to.map(printRepository);
          return step.kind === "run" ? pushedNames(step.command, names) : [];
        });
        expect(pushed.toSorted()).toEqual(names.toSorted());
      }),
    );
  });
}
