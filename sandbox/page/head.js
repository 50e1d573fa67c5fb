// Where are you? The head of a conversation: its title, the app's tabs, and on a phone the menu.

import { keep } from "./dom.js";
import { addressOf, titleOf, within } from "./sidebar.js";

export const HOME = "home";

const menu = document.getElementById("menu");
const workspace = document.getElementById("workspace");
let news = 0;

/** The head of `conversation`; `isHome` says which of the app's tabs is shown, `unread` are the others with something new. */
export function showHead(person, conversation, isHome, unread) {
  const isApp = conversation.kind === "dm";
  const messages = { words: "Messages", address: addressOf(person, conversation.id), here: !isHome };
  const home = { words: "Home", address: addressOf(person, HOME), here: isHome };
  document.getElementById("title").textContent = titleOf(conversation);
  document.getElementById("about").textContent = isApp ? "" : about(conversation);
  keep(document.getElementById("tabs"), isApp ? [messages, home] : [], { key: ({ words }) => words, build: tab });
  news = unread.length;
  nameMenu();
}

const tab = ({ words, address, here }) => within(address, { "aria-current": here ? "page" : null, "data-action": words }, words);

function about({ kind, bot_is_member: hasBot, member }) {
  const told = [
    kind === "private" && "Private channel",
    !member && "You are not a member",
    hasBot ? "HTA Bot is in it" : "HTA Bot is not in it",
  ];
  return told.filter(Boolean).join(" · ");
}

export function startMenu() {
  menu.onclick = () => openSide(!isOpen());
  workspace.addEventListener("keydown", (event) => event.key === "Escape" && openSide(false));
}

/** On a narrow screen the list of conversations takes the conversation's place while it is open. */
export function openSide(open) {
  if (open === isOpen()) return;
  menu.setAttribute("aria-expanded", String(open));
  workspace.classList.toggle("side-open", open);
  nameMenu();
  (open ? document.querySelector("#conversations a") : menu).focus();
}

const isOpen = () => menu.getAttribute("aria-expanded") === "true";

function nameMenu() {
  menu.textContent = isOpen() ? "Close" : news ? `Menu, ${news} new` : "Menu";
}
