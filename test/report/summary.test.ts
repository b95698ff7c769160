import { describe, expect, it } from "vitest";
import { summaryOf } from "../../src/report/summary.ts";
import { printBytes } from "../../src/text/byte-size.ts";
import { DIGEST, reportOf } from "./reports.ts";

describe("the summary", () => {
  it("shows the digest, the sizes of the payload, the times and how to run the image", () => {
    const summary = summaryOf(reportOf());
    expect(summary).toContain("### Bento `iris:v1` → image");
    expect(summary).toContain(`| Digest (manifest) | \`${DIGEST}\` |`);
    expect(summary).toContain("**Size of `linux/amd64`: 902.0 kB** (compressed)");
    expect(summary).toContain("| base and environment | 900.0 kB |");
    expect(summary).toContain("| `sources` | 1.5 kB |");
    expect(summary).toContain("| `manifest` | 36 B |");
    expect(summary).toContain("61.3 s");
    expect(summary).toContain(`docker run --rm -p 3000:3000 ghcr.io/acme/iris@${DIGEST}`);
  });

  it("of a dry run says that nothing was built", () => {
    const summary = summaryOf(reportOf({ dryRun: true, pushed: false, result: { platforms: [] } }));
    expect(summary).toContain("### Dry run: ");
    expect(summary).not.toContain("docker run");
  });

  it("shows notes", () => {
    expect(summaryOf(reportOf({ notes: ["Mind the gap."] }))).toContain("> [!NOTE]\n> Mind the gap.");
  });

  it("omits sizes of layers that it cannot tell apart", () => {
    const summary = summaryOf(reportOf({ payload: ["a", "b", "c", "d"].map((title) => ({ title })) }));
    expect(summary).not.toContain("| `a` |");
  });
});

describe("sizes", () => {
  it.each([
    [0, "0 B"],
    [999, "999 B"],
    [1_536_000, "1.5 MB"],
    [7_000_000_000_000_000, "7000.0 TB"],
  ])("%i is %s", (count, text) => {
    expect(printBytes(count)).toBe(text);
  });
});
