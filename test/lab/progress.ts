/** One line of progress. On stderr, because `lab.ts env` prints shell code on stdout. */
export function tell(line: string): void {
  process.stderr.write(`lab: ${line}\n`);
}
