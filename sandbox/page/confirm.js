// Is the person sure? A button's confirm dialog, answered yes or no.

import { h } from "./dom.js";
import { textObject } from "./mrkdwn.js";

/** True once the person agreed; false for no, or Escape. */
export function agreed(spec, names) {
  const dialog = document.getElementById("confirm");
  const no = h("button", { type: "button", onclick: () => dialog.close("no") }, spec.deny?.text ?? "Cancel");
  const yes = h(
    "button",
    { type: "button", class: spec.style === "danger" ? "danger" : "primary", onclick: () => dialog.close("yes") },
    spec.confirm?.text ?? "Yes",
  );
  dialog.returnValue = "no";
  dialog.replaceChildren(
    h("h2", { id: "confirm-title" }, spec.title?.text ?? "Are you sure?"),
    h("div", { id: "confirm-text" }, ...textObject(spec.text, names)),
    h("footer", {}, no, yes),
  );
  dialog.showModal();
  no.focus();
  return new Promise((resolve) => dialog.addEventListener("close", () => resolve(dialog.returnValue === "yes"), { once: true }));
}
