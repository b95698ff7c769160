import { normalize } from "node:path/posix";
import type { Env, LiveProcess } from "../machine/machine.ts";
import { isJsonObject, type JsonObject, parseJson } from "../text/json.ts";
import { isKeptPath } from "./kept-path.ts";
import type { Owner } from "./owner.ts";
import { DAEMONS, type EngineRecord, type RecordEntry } from "./record-entry.ts";

/** Parses a record; undefined if any part of it has another form. */
export function parseRecord(text: string, env: Env): EngineRecord | undefined {
  const fields = fieldsOf(parseJson(text));
  if (fields?.["version"] !== 1) return undefined;
  const owner = ownerFrom(fields["owner"]);
  const tools = allOf(fields["tools"], textFrom);
  const made = allOf(fields["made"], entryFrom);
  if (owner === undefined || tools === undefined || made === undefined) return undefined;
  return { owner, tools: tools.filter((path) => isInToolCache(path, env)), made };
}

function ownerFrom(value: unknown): Owner | undefined {
  const { kind, runner, job, process } = fieldsOf(value) ?? {};
  if (kind === "job" && typeof runner === "string" && typeof job === "string") return { kind, runner, job };
  const live = processFrom(process);
  return kind === "process" && live !== undefined ? { kind, process: live } : undefined;
}

function entryFrom(value: unknown): RecordEntry | undefined {
  const { kind, name, process, path } = fieldsOf(value) ?? {};
  switch (kind) {
    case "root":
    case "mapped":
    case "cache":
    case "builder":
      return { kind };
    case "kept":
      return typeof path === "string" && isKeptPath(path) ? { kind, path } : undefined;
    case "process": {
      const daemon = DAEMONS.find((one) => one === name);
      if (daemon === undefined) return undefined;
      if (process === undefined) return { kind, name: daemon };
      const live = processFrom(process);
      return live === undefined ? undefined : { kind, name: daemon, process: live };
    }
    default:
      return undefined;
  }
}

function processFrom(value: unknown): LiveProcess | undefined {
  const { pid, started } = fieldsOf(value) ?? {};
  const isPid = typeof pid === "number" && Number.isSafeInteger(pid) && pid > 0;
  return isPid && typeof started === "string" && /^\d*$/.test(started) ? { pid, started } : undefined;
}

/**
 * Programs are run only from the tool cache: their checksums were verified before the engine was started. Without a tool
 * cache of the runner, the tools are where `machine/tool-cache.ts` puts them.
 */
function isInToolCache(path: string, env: Env): boolean {
  const cache = normalize(env["RUNNER_TOOL_CACHE"] || env["RUNNER_TEMP"] || env["TMPDIR"] || "/tmp");
  return normalize(path) === path && path.startsWith(`${cache.replace(/\/$/, "")}/bento-image-`);
}

function textFrom(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function allOf<T>(value: unknown, parse: (item: unknown) => T | undefined): readonly T[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const items = value.map((item) => parse(item));
  return items.every((item) => item !== undefined) ? items : undefined;
}

function fieldsOf(value: unknown): JsonObject | undefined {
  return isJsonObject(value) ? value : undefined;
}
