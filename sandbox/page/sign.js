// Says what came of an act where nothing shows it: the way to what appeared out of sight, or that the bot has heard it.

import { h } from "./dom.js";

const NOTHING_YET = 1_500;
const ANSWERS = 10_000;
const MORE = 3_000;

const sign = document.getElementById("sign");
const modal = document.getElementById("modal");
const below = document.getElementById("below");
let act = null;

/** The person does something, named by `words` where nothing on the page shows it. What comes in the next seconds answers it. */
export function began(words) {
  clearSign();
  act = { words, at: Date.now(), isSeen: false };
}

/** It went to `app`. Where nothing is to be seen soon, the person reads at least that. */
export function went(app) {
  const mine = act;
  const say = () => mine === act && !act.isSeen && show(`Sent to ${app}: “${act.words}”. Nothing changed here.`);
  if (mine?.words) setTimeout(say, NOTHING_YET);
}

/** It did not go through, and the person reads so elsewhere. */
export function failed() {
  act = null;
}

/** Whether what comes now is an answer to what the person did. */
export const isAwaited = () => act !== null && Date.now() - act.at < (act.isSeen ? MORE : ANSWERS);

/** The person sees something of what came. */
export function seen() {
  if (!act) return;
  act.isSeen = true;
  clearSign();
}

/** Shows words, or a link or button that leads to what is out of sight. */
export function show(words) {
  placeSign();
  sign.replaceChildren(typeof words === "string" ? h("p", {}, words) : words);
}

export const clearSign = () => sign.replaceChildren();

/** What lies outside an open dialog is inert, so the sign stands inside it, over its buttons. */
export function placeSign() {
  const next = modal.open ? modal.querySelector("footer") : below;
  if (next.previousElementSibling !== sign) next.before(sign);
}
