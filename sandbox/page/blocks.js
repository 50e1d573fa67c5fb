// How is a block drawn? One function a type. What this page does not know, it says.
// Source: docs.slack.dev/reference/block-kit/blocks

import { freshId, h } from "./dom.js";
import { element } from "./elements.js";
import { markdown } from "./markdown.js";
import { textObject } from "./mrkdwn.js";
import { richText } from "./rich_text.js";
import { dataTable, table } from "./tables.js";

const DRAWN = {
  actions,
  context,
  data_table: (block, surface) => [dataTable(block, surface.names)],
  divider: () => [h("hr")],
  header: (block, surface) => [h("h3", {}, ...textObject(block.text, surface.names))],
  image,
  input,
  markdown: (block) => markdown(block.text),
  rich_text: (block, surface) => richText(block, surface.names),
  section,
  table: (block, surface) => [table(block, surface.names)],
};

/** A block as a node. Slack gives every block an id; without one its place serves. */
export function drawBlock(block, place, surface) {
  const id = idOf(block, place);
  const known = Object.hasOwn(DRAWN, block.type);
  const nodes = known ? DRAWN[block.type](block, surface, id) : unknown(block);
  return h("div", { class: `block block-${known ? block.type : "unknown"}`, "data-block-id": id }, ...nodes);
}

export const idOf = (block, place) => block.block_id ?? `block-${place}`;

function section(block, surface, id) {
  const labelId = freshId();
  const text = block.text && h("div", { id: labelId, class: "text" }, ...textObject(block.text, surface.names));
  const fields =
    block.fields &&
    h("div", { class: "fields" }, ...block.fields.map((field) => h("div", {}, ...textObject(field, surface.names))));
  const beside = block.accessory && accessory(block.accessory, surface, id, text && labelId);
  return [h("div", { class: "words" }, text, fields), beside];
}

function accessory(spec, surface, block, label) {
  if (spec.type === "image") return picture(spec);
  const named = spec.type === "button" || spec.type === "overflow";
  return element(spec, { surface, block, acts: true, label: named ? undefined : label });
}

function actions(block, surface, id) {
  return block.elements.map((spec) => element(spec, { surface, block: id, acts: true }));
}

function context(block, surface) {
  return block.elements.map((part) =>
    part.type === "image" ? picture(part) : h("div", {}, ...textObject(part, surface.names)),
  );
}

const GROUPS = ["radio_buttons", "checkboxes"];

function input(block, surface, id) {
  const spec = block.element;
  const fieldId = freshId();
  const labelId = freshId();
  const group = GROUPS.includes(spec.type);
  const label = h(
    group ? "div" : "label",
    { id: labelId, class: "label", for: group ? null : fieldId },
    block.label.text,
    block.optional && h("small", {}, " (optional)"),
  );
  const hint = block.hint && h("p", { class: "hint", id: freshId() }, block.hint.text);
  const acts = block.dispatch_action === true;
  const node = element(spec, { surface, block: id, acts, label: labelId, id: fieldId });
  if (hint) node.setAttribute("aria-describedby", hint.id);
  return [label, node, hint, h("p", { class: "error", id: freshId(), hidden: true })];
}

function image(block) {
  return [h("figure", {}, block.title && h("figcaption", {}, block.title.text), picture(block))];
}

/** A picture of this server's own. One from elsewhere is not fetched: its words stand for it. */
function picture(spec) {
  const address = spec.image_url ?? spec.slack_file?.url;
  const own = address && new URL(address, location.href).origin === location.origin;
  return own
    ? h("img", { src: address, alt: spec.alt_text, loading: "lazy" })
    : h("span", { class: "picture", role: "img", "aria-label": spec.alt_text }, `Picture: ${spec.alt_text}`);
}

function unknown(block) {
  return [h("p", { class: "hush" }, `Slack shows a block of the type “${block.type}” here. This page does not draw it.`)];
}
