/** Plays a workflow of a repository on this machine, under act. */
import { execFile } from "node:child_process";
import { mkdir } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { promisify } from "node:util";
import { freePort } from "./port.ts";

const run = promisify(execFile);

const LABELS = ["ubuntu-latest", "ubuntu-24.04-arm"];
/** What the runner's services and its tools do, by what this machine has. */
const STAND_INS = ["actions/attest", "actions/upload-artifact", "actions/download-artifact", "actions/setup-node"];

export interface WorkflowRun {
  /** The program. */
  readonly act: string;
  /** The repository, with its commits. */
  readonly repository: string;
  /** The workflow's path in the repository, and its text. */
  readonly file: string;
  readonly workflow: string;
  readonly event: "pull_request" | "push" | "workflow_dispatch";
  /** Of this run or of several: where act and the stand-ins keep what they need. */
  readonly directory: string;
  /** The variables of the runner's machine. */
  readonly env: NodeJS.ProcessEnv;
  /** Further actions, as `OWNER/NAME`, that `actions/` has stand-ins for. */
  readonly standIns?: readonly string[];
  /** Further options of act. */
  readonly options?: readonly string[];
}

/** Where the stand-ins keep artifacts, by name. */
export function artifactsIn(directory: string): string {
  return join(directory, "artifacts");
}

/** The run's log. @throws Error with the end of it when a job fails. */
export async function runWorkflow(wanted: WorkflowRun): Promise<string> {
  const { act, repository, env, options = [] } = wanted;
  await mkdir(artifactsIn(wanted.directory), { recursive: true });
  const args = [...(await ownOptions(wanted)), ...options];
  const { stdout } = await run(act, args, { cwd: repository, env, maxBuffer: 1 << 26 }).catch(
    (error: { stdout?: string; stderr?: string }) => {
      throw new Error(`${error.stdout}\n${error.stderr}`.slice(-30_000));
    },
  );
  return stdout;
}

/**
 * Published actions that this machine has in the directory LAB_ACTIONS, laid out as `OWNER/NAME`; act fetches the others
 * from github.com.
 */
function published(workflow: string): readonly string[] {
  const { LAB_ACTIONS: directory } = process.env;
  const used = [...workflow.matchAll(/uses: (docker\/[\w-]+)@(\S+)/g)];
  return directory === undefined ? [] : used.map(([, name = "", ref]) => `${name}@${ref}=${join(directory, name)}`);
}

async function ownOptions(wanted: WorkflowRun): Promise<readonly string[]> {
  const { file, workflow, event, directory, env } = wanted;
  const standIns = [...STAND_INS, ...(wanted.standIns ?? [])].flatMap((name) => {
    const [, ref] = new RegExp(`uses: ${name}@(\\w+)`).exec(workflow) ?? [];
    return ref === undefined ? [] : [`${name}@${ref}=${resolve("test/lab/actions", basename(name))}`];
  });
  return [
    ...[event, "--workflows", file, "--actor", "acme", "--secret", "GITHUB_TOKEN=none"],
    ...["--cache-server-addr", "127.0.0.1", "--cache-server-path", join(directory, "actcache")],
    ...["--cache-server-port", String(await freePort()), "--env", `LAB_ARTIFACTS=${artifactsIn(directory)}`],
    ...(env["GITHUB_API_URL"] === undefined ? [] : ["--env", `GITHUB_API_URL=${env["GITHUB_API_URL"]}`]),
    // Without a server for artifacts act gives its actions no token.
    ...["--artifact-server-path", join(directory, "served"), "--artifact-server-addr", "127.0.0.1"],
    ...["--artifact-server-port", String(await freePort())],
    ...LABELS.flatMap((label) => ["--platform", `${label}=-self-hosted`]),
    ...[...standIns, ...published(workflow)].flatMap((item) => ["--local-repository", item]),
  ];
}
