// How does a markdown block become nodes? The usual marks: headings, lists, quotes, code, **bold**, *italic*, [links](...).

import { h, link } from "./dom.js";
import { sign } from "./emoji.js";
import { inline, runs } from "./marks.js";

const RULES = [
  [/\\([\\`*_{}[\]()#+\-.!~|])/y, ([, character]) => character],
  [/`([^`\n]+)`/y, ([, code]) => h("code", {}, code)],
  [/!?\[([^\]\n]*)\]\(([^()\s]+)\)/y, ([, words, address], within) => link(address, within(words))],
  [/\*\*(?!\s)((?:[^*\n]|\*(?!\*))*[^*\s])\*\*/y, ([, part], within) => h("strong", {}, ...within(part))],
  [/\*(?!\s)([^*\n]*[^*\s])\*/y, ([, part], within) => h("em", {}, ...within(part))],
  [/(?<![\p{L}\p{N}])_(?!\s)([^_\n]*[^_\s])_(?![\p{L}\p{N}])/uy, ([, part], within) => h("em", {}, ...within(part))],
  [/~~(?!\s)([^~\n]*[^~\s])~~/y, ([, part], within) => h("s", {}, ...within(part))],
  [/:([a-z0-9_+-]+):/y, ([, name]) => sign(name)],
];

const HEADING = /^(#{1,6}) +/;
const QUOTE = /^> ?/;
const BULLET = /^\s*[-*+] +/;
const NUMBER = /^\s*(\d{1,3})[.)] +/;
const RULE = /^\s*([-*_])(?:\s*\1){2,}\s*$/;

export function markdown(text) {
  const parts = text.split(/^```[^\n]*\n([\s\S]*?)\n?```[^\S\n]*$/m);
  return parts.flatMap((part, index) => (index % 2 ? [h("pre", {}, part)] : lines(part)));
}

function kindOf(line) {
  if (!line.trim()) return "nothing";
  if (RULE.test(line)) return "rule";
  if (HEADING.test(line)) return "heading";
  if (QUOTE.test(line)) return "quote";
  if (BULLET.test(line)) return "bullets";
  return NUMBER.test(line) ? "numbers" : "words";
}

function lines(text) {
  const draw = (line) => inline(line, RULES);
  const items = (run, mark) => run.map((line) => h("li", {}, ...draw(line.replace(mark, ""))));
  return runs(text.split("\n"), kindOf).flatMap(({ kind, lines: run }) => {
    switch (kind) {
      case "nothing":
        return [];
      case "rule":
        return h("hr");
      case "heading":
        return run.map((line) => h("h3", {}, ...draw(line.replace(HEADING, ""))));
      case "quote":
        return h("blockquote", {}, ...draw(run.map((line) => line.replace(QUOTE, "")).join("\n")));
      case "bullets":
        return h("ul", {}, ...items(run, BULLET));
      case "numbers":
        return h("ol", { start: run[0].match(NUMBER)[1] }, ...items(run, NUMBER));
      default:
        return h("p", {}, ...draw(run.join("\n")));
    }
  });
}
