/**
 * How the runner hides secrets: from the commands in a step's output to what becomes of its log and of the job's outputs.
 * After `SecretMasker.cs`, `ValueEncoders.cs`, `AddMaskCommandExtension` and `JobExtension.cs` of
 * https://github.com/actions/runner/tree/v2.336.0/src
 */
export class RunnerMasks {
  readonly #values: ReadonlySet<string>;

  /** @param output of a step: a line each for the runner. */
  constructor(output: string) {
    const commands = [...output.matchAll(/^::add-mask::(.*)$/gm)].map(([, data = ""]) => unescapeData(data));
    const values = commands.flatMap((data) => [data, ...data.split(/[\r\n]/).map((line) => line.trim())]);
    this.#values = new Set(values.filter((value) => value !== "").flatMap((value) => [value, ...encoded(value)]));
  }

  /** What a reader of the log sees. */
  hide(text: string): string {
    const longestFirst = [...this.#values].sort((one, other) => other.length - one.length);
    return longestFirst.reduce((left, value) => left.replaceAll(value, "***"), text);
  }

  /** "Skip output '…' since it may contain secret." */
  dropsOutput(value: string): boolean {
    return value !== "" && this.hide(value) !== value;
  }
}

/** Those of the runner's encoders that change letters, digits and what is between them. */
function encoded(value: string): readonly string[] {
  const bytes = Buffer.from(value);
  const base64 = [0, 1, 2].map((shift) => bytes.subarray(bytes.length > shift ? shift : 0).toString("base64"));
  return [...base64, value.replaceAll('"', '\\"'), JSON.stringify(value).slice(1, -1), encodeURIComponent(value)];
}

function unescapeData(data: string): string {
  return data.replaceAll("%0D", "\r").replaceAll("%0A", "\n").replaceAll("%25", "%");
}
