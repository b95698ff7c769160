export interface Settings {
  /** Turns of each contestant. */
  readonly rounds: number;
  /** Turns of builds, which take a minute each. */
  readonly builds: number;
  /** Size of the archives, MiB; the pushed layout is half of it. */
  readonly mebibytes: number;
  /** Sizes of the model that the models section adds to a Bento, MiB. */
  readonly sizes: readonly number[];
  /** Who takes part in the models section. */
  readonly modes: readonly string[];
  /** A directory of this run's own, removed at the end. */
  readonly place: string;
  /** Aborted when the run is interrupted: programs are then ended and what was started is taken down. */
  readonly signal: AbortSignal;
  /** What is being done, for whoever waits. */
  readonly say: (line: string) => void;
}
