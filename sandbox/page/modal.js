// What stands over the conversation? The top of the person's stack of modals: filled in, submitted, closed.

import { drawBlock, idOf } from "./blocks.js";
import { focusable, h, keep } from "./dom.js";
import { isEmpty, valuesIn } from "./fields.js";
import { complaint } from "./inputs.js";

const dialog = document.getElementById("modal");
let forms = new Map();
let shown = null;

/**
 * Shows `view`, or nothing for null. Only a view with another id or hash is drawn again, and of that only the blocks that
 * changed: what was typed stays. `deeds` are submit(view, values), which gives the errors by block_id or null, and close(view).
 */
export function showModal(view, surface, deeds) {
  if (!view) {
    forms = new Map();
    shown = null;
    if (dialog.open) dialog.close();
    return;
  }
  const isOther = shown?.id !== view.id;
  if (!isOther && shown.hash === view.hash) return;
  shown = view;
  const form = forms.get(view.id) ?? emptyForm();
  forms.set(view.id, form);
  draw(form, view, surface, deeds);
  if (!isOther) return;
  dialog.querySelector("form")?.remove();
  dialog.prepend(form);
  if (!dialog.open) dialog.showModal();
  first(form, view).focus();
}

/** Where the state of the shown modal is read from. */
export const modalRoot = () => dialog;

function emptyForm() {
  return h(
    "form",
    { novalidate: true },
    h("header", {}, h("h2", { id: "modal-title", tabindex: "-1" })),
    h("div", { class: "blocks" }),
    h("footer", {}),
  );
}

function draw(form, view, surface, deeds) {
  const [title, blocks, footer] = [form.querySelector("h2"), form.querySelector(".blocks"), form.querySelector("footer")];
  title.textContent = view.title.text;
  keep(blocks, view.blocks, { key: idOf, build: (block, place) => drawBlock(block, place, surface) });
  const close = h("button", { type: "button", onclick: () => deeds.close(view) }, view.close?.text ?? "Cancel");
  const hasInput = view.blocks.some((block) => block.type === "input");
  const submit = (view.submit || hasInput) && h("button", { type: "submit", class: "primary" }, view.submit?.text ?? "Submit");
  if (submit) submit.disabled = view.submit_disabled === true;
  footer.replaceChildren(...[close, submit].filter(Boolean));
  form.onsubmit = (event) => {
    event.preventDefault();
    submitted(form, view, submit, deeds);
  };
  dialog.oncancel = (event) => {
    event.preventDefault();
    deeds.close(view);
  };
}

async function submitted(form, view, button, deeds) {
  if (!button || button.getAttribute("aria-busy") === "true") return;
  const values = valuesIn(form);
  const wrong = complaints(view, values);
  showErrors(form, wrong);
  if (Object.keys(wrong).length) return;
  button.setAttribute("aria-busy", "true");
  const errors = await deeds.submit(view, values);
  button.removeAttribute("aria-busy");
  if (errors) showErrors(form, errors);
}

/** What Slack would complain about before it asks the app: an empty field that is needed, a text that does not fit. */
function complaints(view, values) {
  const wrong = {};
  view.blocks.forEach((block, place) => {
    if (block.type !== "input") return;
    const state = values[idOf(block, place)]?.[block.element.action_id ?? ""];
    if (!state) return;
    const words = isEmpty(state) ? (block.optional ? null : "This is needed.") : complaint(block.element, state.value);
    if (words) wrong[idOf(block, place)] = words;
  });
  return wrong;
}

/** Says each error beside its field, and takes the reader to the first. */
function showErrors(form, errors) {
  let target = null;
  for (const block of form.querySelectorAll(".block-input")) {
    const words = errors[block.dataset.blockId];
    const error = block.querySelector(".error");
    const field = focusable(block.querySelector("[data-action]"));
    const hint = block.querySelector(".hint");
    error.textContent = words ?? "";
    error.hidden = !words;
    block.classList.toggle("wrong", Boolean(words));
    if (words) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
    field.setAttribute("aria-describedby", [words && error.id, hint?.id].filter(Boolean).join(" "));
    if (words) target ??= field;
  }
  target?.focus();
}

/** Where the focus begins: the field that asks for it, the first field, else the title. */
function first(form, view) {
  const wanted = view.blocks.find((block) => block.element?.focus_on_load)?.element.action_id;
  const fields = [...form.querySelectorAll(".block [data-action]")];
  const field = fields.find((node) => wanted !== undefined && node.dataset.action === wanted) ?? fields[0];
  return field ? focusable(field) : form.querySelector("h2");
}
