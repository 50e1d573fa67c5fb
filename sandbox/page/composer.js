// How is a slash command typed? With suggestions while it is typed. In the app's own messages nothing can be typed, as in Slack.

import { freshId, h } from "./dom.js";

const below = document.getElementById("below");
const drafts = new Map();
let shownFor = null;

/** The composer of `conversation`. `send(command, text)` says whether it went through. */
export function showComposer(conversation, commands, elsewhere, send) {
  const what = `${conversation.id} ${conversation.member}`;
  if (shownFor === what) return;
  shownFor = what;
  if (conversation.kind === "dm") below.replaceChildren(closedNote(conversation, elsewhere));
  else if (!conversation.member) below.replaceChildren(note("You are not in this channel, so you can only read it."));
  else below.replaceChildren(composer(conversation, commands, send));
}

/** No composer at all, as on the Home tab. */
export function hideComposer() {
  shownFor = null;
  below.replaceChildren();
}

const note = (...words) => h("p", { class: "note" }, ...words);

function closedNote(conversation, elsewhere) {
  const words = `Sending messages to ${conversation.name} is turned off. Type commands in a channel`;
  return elsewhere ? note(`${words}, for example `, elsewhere, ".") : note(`${words}.`);
}

function composer(conversation, commands, send) {
  const list = h("ul", { role: "listbox", id: freshId(), "aria-label": "Commands", hidden: true });
  const complaint = h("p", { class: "error", id: freshId(), role: "alert" });
  const input = h("input", {
    id: freshId(),
    class: "field",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    autocapitalize: "off",
    spellcheck: "false",
    placeholder: "Type / for a command",
    "aria-label": `Command in ${conversation.name}`,
    "aria-expanded": "false",
    "aria-controls": list.id,
    "aria-autocomplete": "list",
    "aria-describedby": complaint.id,
    oninput: () => suggest(),
    onkeydown: keys,
    onblur: () => close(),
  });
  input.value = drafts.get(conversation.id) ?? "";
  const slash = h("button", { type: "button", class: "quiet", "aria-label": "Show commands", onclick: showAll }, "/");
  const button = h("button", { type: "submit", class: "primary" }, "Send");
  let active = -1;

  function suggest() {
    drafts.set(conversation.id, input.value);
    complaint.textContent = "";
    const typed = input.value;
    const fitting = typed.startsWith("/") ? commands.filter(({ command }) => command.startsWith(typed)) : [];
    active = -1;
    list.replaceChildren(
      ...fitting.map(({ command, description, usage_hint: usage }) =>
        h(
          "li",
          {
            role: "option",
            id: freshId(),
            "data-command": command,
            // The list must not take the focus from the field, or it would close before the press arrives.
            onmousedown: (event) => event.preventDefault(),
            onclick: () => take(command),
          },
          h("strong", {}, command),
          usage && h("span", {}, ` ${usage}`),
          description && h("small", {}, description),
        ),
      ),
    );
    list.hidden = fitting.length === 0;
    point();
  }

  function point() {
    [...list.children].forEach((option, at) => option.setAttribute("aria-selected", String(at === active)));
    input.setAttribute("aria-expanded", String(!list.hidden));
    if (active >= 0) input.setAttribute("aria-activedescendant", list.children[active].id);
    else input.removeAttribute("aria-activedescendant");
  }

  function close() {
    list.hidden = true;
    active = -1;
    point();
  }

  function take(command) {
    input.value = command;
    drafts.set(conversation.id, command);
    close();
    input.focus();
  }

  function showAll() {
    if (!input.value.startsWith("/")) input.value = "/";
    input.focus();
    suggest();
  }

  function keys(event) {
    const count = list.hidden ? 0 : list.children.length;
    if (count && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      active = event.key === "ArrowDown" ? (active + 1) % count : (active <= 0 ? count : active) - 1;
      point();
    } else if (event.key === "Escape" && count) {
      close();
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      take(list.children[active].dataset.command);
    }
  }

  async function submitted(event) {
    event.preventDefault();
    close();
    const [command, ...words] = input.value.trim().split(/\s+/);
    if (!command) return;
    complaint.textContent = objection(command);
    if (complaint.textContent || button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    const typed = input.value;
    const sent = await send(command, words.join(" "));
    button.removeAttribute("aria-busy");
    if (!sent || input.value !== typed) return;
    input.value = "";
    drafts.delete(conversation.id);
  }

  function objection(command) {
    if (!command.startsWith("/")) return "Here you type commands. They begin with a slash, for example /hta.";
    const known = commands.map((one) => one.command);
    return known.includes(command) ? "" : `${command} isn’t a command here. Try one of these: ${known.join(", ")}.`;
  }

  const line = h("div", { class: "line" }, slash, input, button);
  return h("form", { class: "composer", onsubmit: submitted }, list, line, complaint);
}
