/**
 * Loaded into a measured process by --import: writes the most memory it ever had resident, in KiB, when it ends. Not
 * `process.resourceUsage().maxRSS`, which a process inherits from the one that started it (fs/exec.c, setmax_mm_hiwater_rss).
 */
import { readFileSync, writeFileSync } from "node:fs";

process.on("exit", () => {
  const [, peak = ""] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync("/proc/self/status", "utf8")) ?? [];
  writeFileSync(process.env["BENCH_PEAK_FILE"] ?? "", peak);
});
