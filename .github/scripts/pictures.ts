/** Makes the pictures of job summaries in docs/images, which nothing else writes. */
import { mkdir, writeFile } from "node:fs/promises";
import { showPage } from "../../test/lab/browser.ts";
import { SUMMARIES } from "../../test/report/samples.ts";
import { summaryPage } from "./summary-page.ts";

const DIRECTORY = "docs/images";

await mkdir(DIRECTORY, { recursive: true });
for (const [name, markdown] of Object.entries(SUMMARIES)) {
  const { png } = await showPage(summaryPage(markdown, name));
  await writeFile(`${DIRECTORY}/summary-${name}.png`, png);
  console.log(`${DIRECTORY}/summary-${name}.png: ${png.length} bytes`);
}
