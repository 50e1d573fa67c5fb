// How are several chosen from a long list? A button opens a list of checkboxes with a search; what is chosen stands above it.

import { freshId, h } from "./dom.js";
import { remember } from "./fields.js";
import { choicesOf, stateOf } from "./options.js";

const SEARCH_FROM = 8;

export function picker(spec, how) {
  const choices = choicesOf(spec, how.surface);
  const { options } = choices;
  const most = spec.max_selected_items ?? Infinity;
  const chosen = new Set(choices.chosen);
  let acted = state();

  const chips = h("ul", { class: "chips", "aria-label": "Chosen" });
  const boxes = options.map((option) =>
    h("input", { type: "checkbox", id: freshId(), onchange: (event) => mark(option, event.target.checked) }),
  );
  const rows = options.map((option, at) =>
    h(
      "div",
      { class: "box" },
      boxes[at],
      h("label", { for: boxes[at].id }, option.label, option.note && h("small", {}, option.note)),
    ),
  );
  const nothing = h("p", { class: "hush", hidden: true }, "Nothing found.");
  const search = h("input", { type: "search", class: "field", "aria-label": "Find", placeholder: "Find", oninput: find });
  const panel = h(
    "div",
    { class: "panel", id: freshId(), hidden: true },
    options.length >= SEARCH_FROM && search,
    h("div", { class: "boxes" }, ...rows, nothing),
    h("button", { type: "button", class: "small", onclick: () => toggle(false) }, "Done"),
  );
  const words = h("span", { id: freshId() }, spec.placeholder?.text ?? "Choose");
  const open = h(
    "button",
    {
      type: "button",
      id: how.id,
      class: "field opens",
      "aria-expanded": "false",
      "aria-controls": panel.id,
      "aria-labelledby": how.label ? `${how.label} ${words.id}` : null,
      onclick: () => toggle(panel.hidden),
    },
    words,
  );
  const node = h(
    "div",
    { class: "picker", role: "group", "aria-label": how.name, "aria-labelledby": how.label, onkeydown: escapes },
    chips,
    open,
    panel,
  );

  function state() {
    return stateOf(choices, options.filter((option) => chosen.has(option)));
  }

  function mark(option, on) {
    if (on) chosen.add(option);
    else chosen.delete(option);
    draw();
    if (panel.hidden) act();
  }

  function draw() {
    boxes.forEach((box, at) => {
      box.checked = chosen.has(options[at]);
      box.disabled = !box.checked && chosen.size >= most;
    });
    chips.hidden = chosen.size === 0;
    chips.replaceChildren(...options.filter((option) => chosen.has(option)).map(chip));
  }

  function chip(option) {
    const remove = () => {
      mark(option, false);
      open.focus();
    };
    const button = h("button", { type: "button", "aria-label": `Remove ${option.label}`, onclick: remove }, "×");
    return h("li", {}, option.label, button);
  }

  function find() {
    const part = search.value.trim().toLowerCase();
    options.forEach((option, at) => (rows[at].hidden = !`${option.label} ${option.note ?? ""}`.toLowerCase().includes(part)));
    nothing.hidden = rows.some((row) => !row.hidden);
  }

  function toggle(shown) {
    panel.hidden = !shown;
    open.setAttribute("aria-expanded", String(shown));
    if (shown) panel.querySelector("input")?.focus();
    else {
      open.focus();
      act();
    }
  }

  function escapes(event) {
    if (event.key !== "Escape" || panel.hidden) return;
    event.preventDefault();
    toggle(false);
  }

  function act() {
    if (!how.acts || JSON.stringify(acted) === JSON.stringify(state())) return;
    acted = state();
    how.acts(open, acted);
  }

  draw();
  return remember(node, how.block, spec, state);
}
