// How does Slack's own markup become nodes? *bold*, _italic_, ~strike~, `code`, quotes, lists, and <...> for the rest.
// Source: docs.slack.dev/messaging/formatting-message-text

import { written } from "./dates.js";
import { h, link } from "./dom.js";
import { sign, withSigns } from "./emoji.js";
import { inline, runs } from "./marks.js";

const ENTITIES = { amp: "&", lt: "<", gt: ">" };

/** The nodes of `text`. `names` has the names of people, channels and groups by id. */
export function mrkdwn(text, names) {
  const parts = text.split(/```\n?([\s\S]+?)\n?```/);
  return parts.flatMap((part, index) => (index % 2 ? [h("pre", {}, unescaped(part))] : lines(part, names)));
}

/** A text object of either kind, as nodes. */
export function textObject(object, names) {
  if (object.type === "mrkdwn") return mrkdwn(object.text, names);
  return [object.emoji === false ? object.text : withSigns(object.text)];
}

/** A mention, as a node. `fallback` is for who or what we do not know. */
export function mention(kind, id, names, fallback = id) {
  const mark = kind === "channels" ? "#" : "@";
  const known = Object.hasOwn(names[kind], id) ? names[kind][id] : fallback;
  return h("span", { class: "mention" }, `${mark}${known.replace(/^[@#]/, "")}`);
}

const QUOTE = /^(?:&gt;|>) ?/;
const BULLET = /^\s*[•-] +/;
const NUMBER = /^\s*(\d{1,3})[.)] +/;

function kindOf(line) {
  if (QUOTE.test(line)) return "quote";
  if (BULLET.test(line)) return "bullets";
  return NUMBER.test(line) ? "numbers" : "words";
}

function lines(text, names) {
  const rules = rulesFor(names);
  const draw = (line) => inline(line, rules);
  return runs(text.split("\n"), kindOf).flatMap(({ kind, lines: run }) => {
    switch (kind) {
      case "quote":
        return h("blockquote", {}, ...draw(run.map((line) => line.replace(QUOTE, "")).join("\n")));
      case "bullets":
        return h("ul", {}, ...run.map((line) => h("li", {}, ...draw(line.replace(BULLET, "")))));
      case "numbers":
        return h(
          "ol",
          { start: run[0].match(NUMBER)[1] },
          ...run.map((line) => h("li", {}, ...draw(line.replace(NUMBER, "")))),
        );
      default: {
        const words = run.join("\n").trim();
        return words ? h("p", {}, ...draw(words)) : [];
      }
    }
  });
}

/** Text between marks: a mark opens after no letter or digit and closes before none. */
const between = (mark) =>
  new RegExp(`(?<![\\p{L}\\p{N}${mark}])${mark}(?!\\s)([^${mark}\\n]*[^${mark}\\s])${mark}(?![\\p{L}\\p{N}${mark}])`, "uy");

const rulesFor = (names) => [
  [/`([^`\n]+)`/y, ([, code]) => h("code", {}, unescaped(code))],
  [/<([^<>\n]+)>/y, ([, what]) => reference(what, names)],
  [between("\\*"), ([, part], within) => h("strong", {}, ...within(part))],
  [between("_"), ([, part], within) => h("em", {}, ...within(part))],
  [between("~"), ([, part], within) => h("s", {}, ...within(part))],
  [/:([a-z0-9_+-]+):/y, ([, name]) => sign(name)],
  [/&(amp|lt|gt);/y, ([, name]) => ENTITIES[name]],
];

function reference(what, names) {
  const bar = what.indexOf("|");
  const target = bar < 0 ? what : what.slice(0, bar);
  const label = bar < 0 ? undefined : unescaped(what.slice(bar + 1));
  if (target.startsWith("@")) return mention("people", target.slice(1), names, label);
  if (target.startsWith("#")) return mention("channels", target.slice(1), names, label);
  if (!target.startsWith("!")) return link(unescaped(target), label ? [label] : []);
  const [name, ...rest] = target.slice(1).split("^");
  if (name === "subteam") return mention("groups", rest[0] ?? "", names, label);
  if (name === "date") return date(rest, label);
  return h("span", { class: "mention" }, `@${label ?? name}`);
}

function date([seconds, pattern, address], fallback) {
  const words = pattern && Number.isFinite(Number(seconds)) ? written(Number(seconds), pattern) : (fallback ?? "");
  return address ? link(address, [words]) : h("time", { title: fallback }, words);
}

function unescaped(text) {
  return text.replace(/&(amp|lt|gt);/g, (_, name) => ENTITIES[name]);
}
