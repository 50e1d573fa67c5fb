// How is an interactive element drawn? Each type has its builder; what acts asks first where a confirm dialog is set.

import { checkboxes, overflow, radioButtons, select } from "./choices.js";
import { agreed } from "./confirm.js";
import { h, safeAddress } from "./dom.js";
import { remember } from "./fields.js";
import { input } from "./inputs.js";
import { picker } from "./picker.js";

const BUILDERS = {
  button,
  channels_select: select,
  checkboxes,
  conversations_select: select,
  datepicker: input,
  datetimepicker: input,
  email_text_input: input,
  multi_channels_select: picker,
  multi_conversations_select: picker,
  multi_static_select: picker,
  multi_users_select: picker,
  number_input: input,
  overflow,
  plain_text_input: input,
  radio_buttons: radioButtons,
  static_select: select,
  timepicker: input,
  url_text_input: input,
  users_select: select,
};

/**
 * The element as a node. `surface` says whose it is and takes the press; `block` is the block's id; `acts` says whether
 * choosing acts at once; `label` is the id of the words that name it, where there are some, and `id` its own.
 */
export function element(spec, { surface, block, acts, label, id }) {
  const build = Object.hasOwn(BUILDERS, spec.type) ? BUILDERS[spec.type] : unknown;
  const name = label ? undefined : (spec.accessibility_label ?? spec.placeholder?.text ?? NAMES[spec.type]);
  const pressed = (node, state) => press(spec, surface, block, node, state);
  return build(spec, { surface, block, label, id, name, acts: acts && pressed });
}

const NAMES = { datepicker: "Date", timepicker: "Time", datetimepicker: "Date and time" };

function button(spec, how) {
  const node = h(
    "button",
    {
      type: "button",
      class: ["primary", "danger"].includes(spec.style) ? spec.style : null,
      "aria-label": spec.accessibility_label,
      onclick: () => how.acts(node, null),
    },
    spec.text.text,
  );
  return remember(node, how.block, spec);
}

function unknown(spec) {
  return h("span", { class: "hush" }, `Slack shows a “${spec.type}” here. This page does not draw it.`);
}

/** Presses, and says whether it went through. A second press while the first is under way does nothing. */
async function press(spec, surface, block, node, selection) {
  if (node.getAttribute("aria-busy") === "true") return false;
  if (spec.confirm && !(await agreed(spec.confirm, surface.names))) return false;
  const address = spec.url && safeAddress(spec.url);
  if (address) window.open(address, "_blank", "noopener");
  node.setAttribute("aria-busy", "true");
  try {
    return await surface.press(block, spec.action_id, selection, wordsOf(spec, selection));
  } finally {
    node.removeAttribute("aria-busy");
  }
}

/** The words of what was pressed. What is chosen or typed shows by itself, and needs none. */
function wordsOf(spec, selection) {
  if (spec.type === "button") return spec.text.text;
  return spec.type === "overflow" ? selection.selected_option.text.text : null;
}
