/**
 * The shortest mask in characters. The runner replaces a mask everywhere in the log and drops job outputs that contain it;
 * the mask `4` would match in nearly every line and every digest. The runner has the same limit for parts of secrets.
 * @see https://github.com/actions/runner/blob/v2.336.0/src/Runner.Worker/JobExtension.cs "Skip output"
 * @see https://github.com/actions/runner/blob/v2.336.0/src/Sdk/DTLogging/Logging/ValueEncoders.cs "Don't mask short secrets"
 */
export const SHORTEST_MASK = 6;

/** Replaces secrets in text, as the runner does in the log of a job. */
export interface Hider {
  /** Masks that are too short are ignored. */
  add(mask: string): void;
  /** The text with `***` for each mask and for its Base64, JSON and URI forms. Masks may overlap. */
  hide(text: string): string;
}

const HIDDEN = "***";

export function openHider(): Hider {
  const forms = new Set<string>();
  return {
    add(mask) {
      for (const form of formsOf(mask)) if (form.length >= SHORTEST_MASK) forms.add(form);
    },
    hide(text) {
      let hidden = "";
      let end = 0;
      for (const range of merged([...forms].flatMap((form) => rangesOf(form, text)))) {
        hidden += `${text.slice(end, range.start)}${HIDDEN}`;
        end = range.end;
      }
      return hidden + text.slice(end);
    },
  };
}

interface Range {
  readonly start: number;
  readonly end: number;
}

/** All places of the form in the text, also those that overlap. */
function rangesOf(form: string, text: string): readonly Range[] {
  const found: Range[] = [];
  for (let start = text.indexOf(form); start >= 0; start = text.indexOf(form, start + 1)) {
    found.push({ start, end: start + form.length });
  }
  return found;
}

/** In order, with ranges that overlap as one. */
function merged(ranges: readonly Range[]): readonly Range[] {
  const found: Range[] = [];
  for (const range of ranges.toSorted((one, other) => one.start - other.start)) {
    const last = found.at(-1);
    if (last === undefined || range.start > last.end) found.push(range);
    else found.splice(-1, 1, { start: last.start, end: Math.max(last.end, range.end) });
  }
  return found;
}

function formsOf(mask: string): readonly string[] {
  const base64 = [0, 1, 2].map((shift) => base64Within(Buffer.from(mask), shift));
  return [
    mask,
    JSON.stringify(mask).slice(1, -1),
    encodeURIComponent(mask.toWellFormed()),
    ...base64,
    ...base64.map((form) => form.replaceAll("+", "-").replaceAll("/", "_")),
  ];
}

/** The digits of Base64 that the bytes determine alone when `shift` other bytes of a group precede them. */
function base64Within(bytes: Uint8Array, shift: number): string {
  const digits = Buffer.concat([Buffer.alloc(shift), bytes]).toString("base64");
  return digits.slice(Math.ceil((shift * 4) / 3), Math.floor(((shift + bytes.length) * 4) / 3));
}
