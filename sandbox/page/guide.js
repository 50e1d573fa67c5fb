// Tells a first-time visitor what to try: a few steps, in the words that are typed and pressed.

import { letAnswer } from "./colleagues.js";
import { h } from "./dom.js";
import { openSide } from "./head.js";
import { addressOf, titleOf, within } from "./sidebar.js";

const HIDDEN = "guide-hidden";
// On a phone the steps would leave little room; they stand on the first page, and behind the button.
const NARROW = "(max-width: 46rem)";

/** The steps, for the people of this workspace. */
export function steps(people) {
  const coordinator = people.find((person) => person.is_coordinator_hint) ?? people[0];
  const staff = people.filter((person) => !person.is_coordinator_hint && canTakePart(person));
  const nurse = staff.find((person) => /nurs/i.test(person.title)) ?? staff[0] ?? coordinator;
  const be = (person) => within(addressOf(person.id), {}, person.name);
  const [round, results, goals] = ["/hta-round", "/hta-results", "/hta-goals"].map((words) => h("code", {}, words));
  const step = (...words) => h("li", {}, ...words);
  return h(
    "ol",
    {},
    step("Act as ", be(coordinator), ", the coordinator. In a channel, type ", round, ". Choose whom to ask, and start."),
    step("Act as ", be(nurse), ", one of those asked. Open HTA Bot, press Start, and answer as many statements as you like."),
    step("Act as ", be(coordinator), " again. Let colleagues answer. Close it with ", round.cloneNode(true), " and read ", results, "."),
    step("Press Set a goal there. Move time forward by 10 days: check-ins come in the results channel, and ", goals, " keeps the plan."),
  );
}

/** What an empty conversation says, as a key and the `words()`: what to do first, unless something was said elsewhere already. */
export function firstStep(people, me, { conversations }, here) {
  const isBegun = conversations.some(({ messages }) => messages.length);
  const words = () => ["Nothing here yet. ", ...(isBegun ? [] : howToBegin(people, me, conversations, here))];
  return { key: `nothing for ${isBegun ? "now" : me.id}`, words };
}

function howToBegin(people, me, conversations, here) {
  const coordinator = people.find((person) => person.is_coordinator_hint);
  if (coordinator && !me.is_coordinator_hint) {
    const be = within(addressOf(coordinator.id), {}, coordinator.name);
    return ["HTA Bot writes to you once a self-assessment starts. To start one, act as ", be, ", the coordinator."];
  }
  const round = h("code", {}, "/hta-round");
  if (here.kind !== "dm") return ["Type ", round, " below to start a self-assessment."];
  const channel = conversations.find(({ kind, member }) => kind === "channel" && member);
  const where = channel ? within(addressOf(me.id, channel.id), {}, titleOf(channel)) : "a channel";
  return ["To start a self-assessment, type ", round, " in ", where, "."];
}

export const canTakePart = (person) => !person.is_bot && !person.deleted;

/** The steps above a conversation, until they are hidden; the button in the sidebar brings them back. `me()` is who one is. */
export function startGuide(people, me) {
  const place = document.getElementById("steps");
  const button = document.getElementById("show-guide");
  const show = (shown) => {
    place.hidden = !shown;
    button.hidden = shown;
  };
  const choose = (shown) => {
    show(shown);
    keepHidden(!shown);
  };
  const hide = h("button", { type: "button", class: "small", onclick: () => choose(false) }, "Hide these steps");
  place.replaceChildren(steps(people), h("div", { class: "line" }, colleagues(people, me), hide));
  button.onclick = () => {
    // On a phone the steps stand behind the list.
    openSide(false);
    choose(true);
    place.focus();
  };
  show(!isHidden() && !matchMedia(NARROW).matches);
}

/** Results need the answers of several people; this saves the visitor a few hundred presses. */
function colleagues(people, me) {
  const told = h("span", { class: "hush", "aria-live": "polite" });
  const tell = (done, all) => (told.textContent = all ? `${done} of ${all} have finished.` : "Nobody else is waiting to start.");
  const button = h("button", { type: "button", class: "small", onclick: answer }, "Let colleagues answer");

  async function answer() {
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    try {
      await letAnswer(people.filter((person) => canTakePart(person) && person.id !== me().id), tell);
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  return h("span", { class: "line" }, button, told);
}

/** A browser may refuse to keep anything; then the steps are simply there again. */
function isHidden() {
  try {
    return localStorage.getItem(HIDDEN) === "yes";
  } catch {
    return false;
  }
}

function keepHidden(hidden) {
  try {
    if (hidden) localStorage.setItem(HIDDEN, "yes");
    else localStorage.removeItem(HIDDEN);
  } catch {
    // Nothing to do: see above.
  }
}
