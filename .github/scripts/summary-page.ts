/** A job summary as a page: Markdown as GitHub shows it, in one file without references to others. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

/** Pixels: the column of a run's page at GitHub. */
const WIDTH = 980;

const STYLE = `
  body { margin: 0; background: #ffffff; }
  .markdown-body { box-sizing: border-box; width: 100%; max-width: ${WIDTH}px; margin: 0 auto; padding: 24px 32px; }
  .markdown-body pre.mermaid { background: none; padding: 0; text-align: center; overflow: hidden; }
`;

/** Draws the diagrams; `data-drawn` of the page is then their number, or the message of the first that failed. */
const SCRIPT = `
  const diagrams = [...document.querySelectorAll("pre.mermaid")];
  mermaid.initialize({ startOnLoad: false, securityLevel: "strict", theme: "default" });
  mermaid.run({ nodes: diagrams }).then(
    () => { document.documentElement.dataset.drawn = String(diagrams.length); },
    (error) => { document.documentElement.dataset.drawn = String(error.message ?? error); },
  );
`;

/**
 * The page of a summary that this action wrote. Its Markdown is trusted: {@link https://github.com/micromark/micromark micromark}
 * keeps HTML as it is, which GitHub cleans.
 */
export function summaryPage(markdown: string, title: string): string {
  const html = micromark(markdown, {
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
    allowDangerousHtml: true,
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>${escapeHtml(title)}</title>
<style>${read(import.meta.resolve("github-markdown-css/github-markdown-light.css"))}${STYLE}</style>
</head>
<body>
<article class="markdown-body">
${withDiagrams(withAlerts(html))}
</article>
<script>${read(import.meta.resolve("@mermaid-js/tiny"))}</script>
<script>${SCRIPT}</script>
</body>
</html>
`;
}

function read(url: string): string {
  return readFileSync(fileURLToPath(url), "utf8");
}

/** GitHub's boxes, which are quotes to other readers of Markdown. */
function withAlerts(html: string): string {
  return html.replace(
    /<blockquote>\n<p>\[!(\w)(\w+)\]\n([\s\S]*?)<\/blockquote>/g,
    (_, first: string, rest: string, content: string) => {
      const name = first + rest.toLowerCase();
      const kind = name.toLowerCase();
      return `<div class="markdown-alert markdown-alert-${kind}"><p class="markdown-alert-title">${name}</p><p>${content}</div>`;
    },
  );
}

function withDiagrams(html: string): string {
  return html.replace(
    /<pre><code class="language-mermaid">([\s\S]*?)<\/code><\/pre>/g,
    (_, source: string) => `<pre class="mermaid">${source}</pre>`,
  );
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>]/g, (character) => `&#${character.charCodeAt(0)};`);
}
