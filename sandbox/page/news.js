// Leads the person to what is new: into view where they wait for it, else by a word that shows the way.

import { bring, isAtEnd, isInSight, onScroll } from "./conversation.js";
import { h } from "./dom.js";
import { addressOf, titleOf, within } from "./sidebar.js";
import { clearSign, isAwaited, seen, show } from "./sign.js";

let below = [];

/**
 * Something was drawn. `shown` is what `showMessages` gave of the conversation `here`. `isModal`: a modal was opened,
 * changed or closed; `isCovered`: one is open. `elsewhere`: the other conversations with new messages, each with its `count`.
 */
export function lead(person, here, { added, changed, follows }, { isModal, isCovered, elsewhere }) {
  const isWaiting = isAwaited();
  if (isWaiting && (isModal || changed.some(isInSight))) seen();
  if (added.length && !isCovered) {
    if (!isWaiting && !follows) leadDown(added);
    else if (isWaiting && !(follows && isInSight(added[0]))) bring(added[0]);
    seen();
  }
  const news = isCovered && added.length ? [{ conversation: here, count: added.length }, ...elsewhere] : elsewhere;
  if (isWaiting && news.length) leadElsewhere(person, news[0], isCovered);
}

/** The person goes elsewhere, or has seen it all. */
export function leave() {
  below = [];
  clearSign();
}

function leadDown(added) {
  below = [...below.filter(({ isConnected }) => isConnected), ...added];
  const [first] = below;
  const go = () => {
    leave();
    bring(first);
    document.getElementById("scroll").focus({ preventScroll: true });
  };
  show(h("button", { type: "button", class: "way", onclick: go }, `${newMessages(below.length)} below`));
}

function leadElsewhere(person, { conversation, count }, isCovered) {
  const words = `${newMessages(count)} in ${titleOf(conversation)}`;
  seen();
  show(isCovered ? `${words}.` : within(addressOf(person, conversation.id), { class: "way" }, words));
}

const newMessages = (count) => `${count} new ${count === 1 ? "message" : "messages"}`;

onScroll(() => below.length && isAtEnd() && leave());
