// How is one chosen of several? Selects, radio buttons, checkboxes, and the overflow menu.

import { freshId, h } from "./dom.js";
import { remember } from "./fields.js";
import { textObject } from "./mrkdwn.js";
import { choicesOf, stateOf } from "./options.js";

/** A select is the browser's own: it works with keys, with screen readers and on phones. */
export function select(spec, how) {
  const choices = choicesOf(spec, how.surface);
  const { options } = choices;
  const draw = (option) =>
    h("option", { value: options.indexOf(option) }, option.note ? `${option.label} (${option.note})` : option.label);
  const node = h(
    "select",
    { id: how.id, class: "field", "aria-label": how.name, "aria-labelledby": how.label },
    h("option", { value: "" }, spec.placeholder?.text ?? "Choose one"),
    ...choices.groups.map((group) =>
      group.label ? h("optgroup", { label: group.label }, ...group.options.map(draw)) : group.options.map(draw),
    ).flat(),
  );
  const show = (option) => (node.value = option ? String(options.indexOf(option)) : "");
  const chosen = () => (node.value === "" ? [] : [options[Number(node.value)]]);
  let stands = choices.chosen[0];
  show(stands);
  if (how.acts) {
    node.addEventListener("keydown", opensFirst);
    node.addEventListener("change", async () => {
      if (node.value === "" || (await how.acts(node, stateOf(choices, chosen())))) [stands] = chosen();
      else show(stands);
    });
  }
  return remember(node, how.block, spec, () => stateOf(choices, chosen()));
}

/** In a closed select some browsers choose with the arrow keys at once. Where choosing acts, keys open the list first. */
function opensFirst(event) {
  const chooses = event.key.startsWith("Arrow") || ["Home", "End", "PageUp", "PageDown"].includes(event.key);
  const types = event.key.length === 1 && !event.ctrlKey && !event.metaKey;
  if (!(chooses || types) || !event.target.showPicker) return;
  event.preventDefault();
  event.target.showPicker();
}

export const radioButtons = (spec, how) => boxes("radio", spec, how);
export const checkboxes = (spec, how) => boxes("checkbox", spec, how);

function boxes(type, spec, how) {
  const choices = choicesOf(spec, how.surface);
  const name = freshId();
  const inputs = choices.options.map((option) =>
    h("input", { type, name, id: freshId(), checked: choices.chosen.includes(option) }),
  );
  const chosen = () => choices.options.filter((_, at) => inputs[at].checked);
  let stands = chosen();
  const undo = () => inputs.forEach((input, at) => (input.checked = stands.includes(choices.options[at])));
  const node = h(
    "div",
    {
      class: "boxes",
      role: type === "radio" ? "radiogroup" : "group",
      "aria-label": how.name,
      "aria-labelledby": how.label,
      onchange:
        how.acts &&
        (async () => {
          if (await how.acts(node, stateOf(choices, chosen()))) stands = chosen();
          else undo();
        }),
    },
    ...choices.options.map((option, at) =>
      h(
        "div",
        { class: "box" },
        inputs[at],
        h(
          "label",
          { for: inputs[at].id },
          ...textObject(option.text, how.surface.names),
          option.note && h("small", {}, option.note),
        ),
      ),
    ),
  );
  return remember(node, how.block, spec, () => stateOf(choices, chosen()));
}

/** A button that shows a short list of further buttons. */
export function overflow(spec, how) {
  const choices = choicesOf(spec, how.surface);
  const list = h("div", { class: "menu", hidden: true, id: freshId() });
  const open = h(
    "button",
    {
      type: "button",
      "aria-label": how.name ?? "More choices",
      "aria-expanded": "false",
      "aria-controls": list.id,
      onclick: () => toggle(list.hidden),
    },
    "More",
  );
  const node = h("div", { class: "overflow", onkeydown: escapes, onfocusout: leaves }, open, list);

  function toggle(shown) {
    list.hidden = !shown;
    open.setAttribute("aria-expanded", String(shown));
    if (shown) list.firstElementChild?.focus();
  }

  function escapes(event) {
    if (event.key !== "Escape" || list.hidden) return;
    event.preventDefault();
    toggle(false);
    open.focus();
  }

  function leaves(event) {
    if (!node.contains(event.relatedTarget)) toggle(false);
  }

  list.append(
    ...choices.options.map((option) =>
      h(
        "button",
        {
          type: "button",
          onclick: () => {
            toggle(false);
            open.focus();
            how.acts(open, stateOf(choices, [option]));
          },
        },
        option.label,
        option.note && h("small", {}, option.note),
      ),
    ),
  );
  return remember(node, how.block, spec);
}
