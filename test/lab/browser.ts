/** How a browser shows a page: Debian's Chromium, without a window. It is installed at first use. */
import { mkdirSync } from "node:fs";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { run } from "./command.ts";
import { browserPackages } from "./pins.ts";
import { places } from "./places.ts";
import { installPackages } from "./provision/packages.ts";

export interface ShownPage {
  /** The picture of the whole page. */
  readonly png: Buffer;
  readonly title: string;
  /** The text that a reader sees. */
  readonly text: string;
  /** The number of diagrams that Mermaid drew, or its complaint; see summary-page.ts. */
  readonly drawn: string;
  /** Diagrams in the page. */
  readonly diagrams: number;
  /** Tags of the elements that are wider than their place. Code blocks may be: they scroll. */
  readonly overflowing: readonly string[];
  /** Height of the first heading in lines. */
  readonly headingLines: number;
  /** Pixels. */
  readonly height: number;
}

/** Pixels of the window. */
const WIDTH = 980;

/** Milliseconds of the page's own time, which passes as fast as the page has nothing to do. */
const PATIENCE = 20_000;

const MEASURE = `
  const timer = setInterval(() => {
    const { drawn } = document.documentElement.dataset;
    if (drawn === undefined) return;
    clearInterval(timer);
    const article = document.querySelector("article");
    const heading = article.querySelector("h4");
    const wide = [...article.querySelectorAll("*")].filter(
      (element) => element.tagName !== "PRE" && element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).display !== "inline",
    );
    const inSvg = (element) => element.closest("svg") !== null && element.tagName !== "svg";
    const measured = {
      drawn,
      title: document.title,
      text: article.innerText,
      diagrams: article.querySelectorAll("svg[aria-roledescription]:not([aria-roledescription=error])").length,
      overflowing: wide.filter((element) => !inSvg(element) && element.tagName !== "CODE").map((element) => element.tagName),
      headingLines: Math.round(heading.getBoundingClientRect().height / parseFloat(getComputedStyle(heading).lineHeight)),
      height: Math.ceil(article.getBoundingClientRect().height),
    };
    const result = document.createElement("script");
    result.type = "application/json";
    result.id = "measured";
    result.textContent = encodeURIComponent(JSON.stringify(measured));
    document.body.append(result);
  }, 20);
`;

/** @throws Error when the browser does not show the page. */
export async function showPage(html: string): Promise<ShownPage> {
  const at = places();
  for (const folder of [at.log, at.machine]) mkdirSync(folder, { recursive: true });
  await installPackages(at, join(at.log, "provision-browser.log"), browserPackages);
  const directory = await mkdtemp(join(tmpdir(), "bento-image-page-"));
  try {
    const page = join(directory, "page.html");
    await writeFile(page, `${html}<script>${MEASURE}</script>`);
    const dom = await browse(directory, page, ["--dump-dom"]);
    const [, measured] = /<script type="application\/json" id="measured">([^<]*)<\/script>/.exec(dom) ?? [];
    if (measured === undefined) throw new Error("the page was not shown to its end");
    const shown: Omit<ShownPage, "png"> = JSON.parse(decodeURIComponent(measured));
    const picture = join(directory, "page.png");
    await browse(directory, page, [`--screenshot=${picture}`, `--window-size=${WIDTH},${shown.height}`]);
    return { ...shown, png: await readFile(picture) };
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

/** Root has no sandbox; the pages are ours. */
function browse(directory: string, page: string, options: readonly string[]): Promise<string> {
  const ordinary = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--hide-scrollbars",
    "--force-device-scale-factor=1",
  ];
  const profile = [`--user-data-dir=${join(directory, "profile")}`, "--no-first-run", "--disable-dev-shm-usage"];
  const patience = [`--window-size=${WIDTH},800`, `--virtual-time-budget=${PATIENCE}`];
  return run(["chromium", ...ordinary, ...profile, ...patience, ...options, `file://${page}`]);
}

/** Width and height of a PNG in pixels: https://www.w3.org/TR/png-3/#11IHDR */
export function sizeOfPng(png: Buffer): readonly [number, number] {
  return [png.readUInt32BE(16), png.readUInt32BE(20)];
}
