import { tell } from "./progress.ts";

/** A step that failed; steps which wait for it fail with the same object. */
class StepFailure extends Error {
  readonly step: string;

  constructor(step: string, cause: unknown) {
    super(`${step}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
    this.step = step;
  }
}

export interface Agenda {
  /** Starts a step. Steps depend on each other by awaiting each other's promises, so one failure stops only those that need it. */
  step<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Waits for all steps and returns one line for each that failed. */
  settle(): Promise<string[]>;
}

/** A set of independent steps whose failures are collected, not thrown. */
export function agenda(): Agenda {
  const steps: Promise<unknown>[] = [];
  const failures: string[] = [];
  const attempt = async <T>(name: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof StepFailure) {
        failures.push(`${name}: not tried, needs ${error.step}`);
        throw error;
      }
      const failure = new StepFailure(name, error);
      failures.push(failure.message);
      tell(`FAILED ${failure.message}`);
      throw failure;
    }
  };
  return {
    step(name, work) {
      const promise = attempt(name, work);
      promise.catch(() => undefined); // settle() reports it
      steps.push(promise);
      return promise;
    },
    async settle() {
      await Promise.allSettled(steps);
      return failures;
    },
  };
}
