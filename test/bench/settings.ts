export interface Settings {
  /** Turns of each contestant. */
  readonly rounds: number;
  /** Turns of builds, which take a minute each. */
  readonly builds: number;
  /** Size of the archives, MiB; the pushed layout is half of it. */
  readonly mebibytes: number;
  /** A directory of this run's own, removed at the end. */
  readonly place: string;
  /** What is being done, for whoever waits. */
  readonly say: (line: string) => void;
}
