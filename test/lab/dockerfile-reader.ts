/** Asks the program that reads Dockerfiles with the parsers of BuildKit and Buildah. */
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { labTool } from "./environment.ts";

export interface Question {
  readonly dockerfile: string;
  /** The environment of the base image. */
  readonly env: Readonly<Record<string, string>>;
  readonly args: Readonly<Record<string, string>>;
  /** In the contexts, of what `COPY` may mean. */
  readonly paths: readonly string[];
}

/** What a builder would do, variables expanded. */
export interface Understood {
  readonly keyword: string;
  readonly words: readonly string[];
  /** For each source of `COPY` the paths that it matches. */
  readonly sources?: readonly (readonly string[])[];
  readonly flags?: readonly string[];
  /** No shell, the words are a program and its arguments. */
  readonly exec?: boolean;
  readonly heredocs?: readonly string[];
}

export interface Answer {
  readonly error?: string;
  readonly instructions?: readonly Understood[];
}

export interface Answers {
  /** The frontend that BuildKit would fetch; empty when none. */
  readonly syntax: string;
  readonly buildkit: Answer;
  readonly imagebuilder: Answer;
}

export interface DockerfileReader {
  ask(question: Partial<Question> & Pick<Question, "dockerfile">): Promise<Answers>;
  close(): void;
}

/** Starts the program, after building it if nobody has. One question after the other. */
export async function openDockerfileReader(): Promise<DockerfileReader> {
  const program = spawn(await labTool("dockerfile-reader"), { stdio: ["pipe", "pipe", "ignore"] });
  const lines = createInterface({ input: program.stdout })[Symbol.asyncIterator]();
  return {
    async ask(question) {
      program.stdin.write(`${JSON.stringify({ env: {}, args: {}, paths: [], ...question })}\n`);
      const { value, done } = await lines.next();
      if (done === true) throw new Error("the program ended");
      return JSON.parse(value);
    },
    close() {
      program.stdin.end();
    },
  };
}
