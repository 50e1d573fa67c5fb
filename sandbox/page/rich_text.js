// How does a rich_text block become nodes? Its parts are sections, lists, quotes and code; their elements carry a style.

import { written } from "./dates.js";
import { h, link } from "./dom.js";
import { sign } from "./emoji.js";
import { mention } from "./mrkdwn.js";

export function richText(block, names) {
  return block.elements.map((part) => drawPart(part, names));
}

function drawPart(part, names) {
  const inside = () => part.elements.map((element) => drawElement(element, names));
  switch (part.type) {
    case "rich_text_list":
      return h(
        part.style === "ordered" ? "ol" : "ul",
        { class: part.indent ? `indent-${Math.min(part.indent, 4)}` : null },
        ...part.elements.map((item) => h("li", {}, ...item.elements.map((element) => drawElement(element, names)))),
      );
    case "rich_text_quote":
      return h("blockquote", {}, ...inside());
    case "rich_text_preformatted":
      return h("pre", {}, ...inside());
    default:
      return h("p", {}, ...inside());
  }
}

const STYLES = { bold: "strong", italic: "em", strike: "s", code: "code", underline: "u" };

function drawElement(element, names) {
  const styles = Object.keys(STYLES).filter((name) => element.style?.[name]);
  return styles.reduce((node, name) => h(STYLES[name], {}, node), bare(element, names));
}

function bare(element, names) {
  switch (element.type) {
    case "text":
      return element.text;
    case "link":
      return link(element.url, element.text ? [element.text] : []);
    case "emoji":
      return sign(element.name);
    case "user":
      return mention("people", element.user_id, names);
    case "channel":
      return mention("channels", element.channel_id, names);
    case "usergroup":
      return mention("groups", element.usergroup_id, names);
    case "broadcast":
      return h("span", { class: "mention" }, `@${element.range}`);
    case "date":
      return h("time", {}, written(element.timestamp, element.format));
    case "color":
      return element.value;
    default:
      return element.fallback ?? "";
  }
}
