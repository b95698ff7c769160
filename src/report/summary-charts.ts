/**
 * Diagrams in Mermaid, which GitHub draws in summaries (https://docs.github.com/get-started/writing-on-github/working-with-advanced-formatting/creating-diagrams).
 * Their labels are this action's own words and numbers: text from other sources would need Mermaid's escapes as well.
 */
import { printBytes } from "../text/byte-size.ts";
import { printDuration } from "../text/duration.ts";
import { codeBlock, type Markdown, NOTHING } from "./markdown.ts";
import { LAYER_CLASSES, type LayerClass, layerClass, type Phase, type Report } from "./report.ts";

const LABELS: Readonly<Record<LayerClass, string>> = {
  environment: "base and environment",
  models: "models",
  code: "code",
};

/** Mermaid's own are hard to tell apart; these stand out on GitHub's light and dark pages. Texts keep the colour of the page's theme. */
const COLOURS = `%%{init: ${JSON.stringify({
  themeVariables: {
    pie1: "#8c959f",
    pie2: "#218bff",
    pie3: "#4ac26b",
    pieSectionTextColor: "#ffffff",
    pieOpacity: "1",
    pieStrokeWidth: "0px",
    pieOuterStrokeWidth: "0px",
  },
})}}%%`;

/** The sizes of the first platform's layers by class. Nothing if the image has layers of one class only. */
export function sizeChart({ result: { platforms }, payload }: Pick<Report, "result" | "payload">): Markdown {
  const layers = platforms[0]?.layers ?? [];
  if (payload.length === 0 || layers.length < payload.length) return NOTHING;
  const below = layers.length - payload.length;
  const classes = layers.map(({ size }, index) => ({ size, class: layerClass(payload[index - below]?.title) }));
  const slices = LAYER_CLASSES.flatMap((name) => {
    const size = classes.reduce((sum, layer) => sum + (layer.class === name ? layer.size : 0), 0);
    return size === 0 ? [] : [`  "${LABELS[name]}: ${printBytes(size)}" : ${size}`];
  });
  return slices.length < 2
    ? NOTHING
    : codeBlock("mermaid", [
        COLOURS,
        platforms.length > 1 ? "pie title Size of the first platform" : "pie title Size",
        ...slices,
      ]);
}

/** Shorter phases are not drawn, as a share of the whole run. */
const SHORTEST = 0.005;

/** The phases of the run on a time axis. */
export function timeChart({ phases, seconds }: Pick<Report, "phases" | "seconds">): Markdown {
  const drawn = phases
    .filter((phase) => phase.seconds > seconds * SHORTEST)
    .toSorted((one, other) => one.start - other.start);
  if (drawn.length < 2) return NOTHING;
  return codeBlock("mermaid", [
    "gantt",
    "  title Time",
    "  dateFormat YYYY-MM-DD HH:mm:ss.SSS",
    `  axisFormat ${axisFormat(seconds)}`,
    "  todayMarker off",
    ...drawn.map(printPhase),
  ]);
}

const HOUR = 3_600;
const DAY = 24 * HOUR;

/** In the notation of d3-time-format. */
function axisFormat(seconds: number): string {
  if (seconds < 10) return "%S.%L";
  if (seconds < HOUR) return "%M:%S";
  return seconds < DAY ? "%H:%M" : "day %-d, %H:%M";
}

/** The first of a month, so that days are counted from one. */
const ZERO = Date.UTC(2000, 0, 1);

function printPhase({ title, start, seconds }: Phase): string {
  const milliseconds = Math.max(1, Math.round(seconds * 1000));
  // Mermaid reads the time in the viewer's zone and prints it in the same one, so the axis begins at zero everywhere.
  const from = new Date(ZERO + Math.round(start * 1000)).toISOString().replace("T", " ").replace("Z", "");
  const duration = seconds < 1 ? `${milliseconds} ms` : printDuration(seconds);
  return `  ${title} (${duration}) :${from}, ${milliseconds}ms`;
}
