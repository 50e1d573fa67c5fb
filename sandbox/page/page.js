// Starts the page: finds out who you are and where, draws that, and waits for the workspace to change.

import { act, changed, everyone, Refused, viewOf } from "./api.js";
import { startClock } from "./clock.js";
import { hideComposer, showComposer } from "./composer.js";
import { homeRoot, showHome, showMessages } from "./conversation.js";
import { firstStep, startGuide, steps } from "./guide.js";
import { HOME, openSide, showHead, startMenu } from "./head.js";
import { modalRoot, showModal } from "./modal.js";
import { lead, leave } from "./news.js";
import { addressOf, showConversations, showMe, titleOf, within } from "./sidebar.js";
import { began, failed as nothingCame, placeSign, went } from "./sign.js";
import { surfaceOf } from "./surface.js";
import { announce, found, LOST, notice, refused } from "./tell.js";
import { roleOf, showPeople } from "./welcome.js";

const AGAIN_AFTER = 2_000;

const part = (id) => document.getElementById(id);
let team = "";
let people = [];
let person = null;
let place = null;
let view = null;
let waiting = new AbortController();
let wake = () => undefined;

async function start() {
  ({ team, people } = await whenUp(everyone));
  for (const node of document.querySelectorAll(".team")) node.textContent = team;
  document.querySelector("#welcome .guide").append(steps(people));
  showPeople(part("people"), people);
  startGuide(people, () => person);
  startClock(part("clock"), announce).catch(() => undefined);
  document.addEventListener("click", follow);
  document.addEventListener("visibilitychange", () => (document.hidden ? waiting.abort() : wake()));
  window.addEventListener("popstate", route);
  startMenu();
  await route();
  await watch();
}

/** Goes where the address says: nobody chosen is the choice of people. */
async function route() {
  const asked = new URLSearchParams(location.search);
  const now = people.find((one) => one.id === asked.get("as")) ?? null;
  if (now !== person) {
    view = null;
    hideComposer();
    showModal(null);
  }
  person = now;
  place = asked.get("in");
  leave();
  part("welcome").hidden = person !== null;
  part("workspace").hidden = person === null;
  document.title = person ? `${person.name} · ${team}` : `Practice workspace · ${team}`;
  notice("");
  if (!person) return;
  if (place === HOME) await deed("home");
  await refresh();
  wake();
}

/** Follows a link within the page without a reload. */
async function follow(event) {
  const link = event.target.closest("a[data-within]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.pushState(null, "", link.href);
  openSide(false);
  await route();
  if (person) part("talk").focus({ preventScroll: true });
  else part("welcome").querySelector("a").focus();
}

/** Waits for changes and draws them, as long as the page is seen and somebody is chosen. */
async function watch() {
  for (;;) {
    if (document.hidden || !person) {
      await new Promise((resolve) => (wake = resolve));
      continue;
    }
    waiting = new AbortController();
    try {
      if (!view) await refresh();
      const { version } = await changed(view?.version ?? 0, waiting.signal);
      if (version !== view?.version) await refresh();
      found();
    } catch (problem) {
      if (problem.name === "AbortError") continue;
      console.error(problem);
      notice(LOST);
      view = null;
      await pause(AGAIN_AFTER);
    }
  }
}

const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function whenUp(ask) {
  for (;;) {
    try {
      return await ask();
    } catch {
      notice(LOST);
      await pause(AGAIN_AFTER);
    }
  }
}

/** Fetches what the person sees and draws it, unless something newer is drawn already. */
async function refresh() {
  if (!person) return;
  const whose = person;
  const fresh = await viewOf(whose.id);
  if (whose !== person || (view && fresh.version < view.version)) return;
  const before = view;
  view = fresh;
  if (!place) {
    place = landing(view.conversations).id;
    history.replaceState(null, "", addressOf(person.id, place));
  }
  draw(before);
}

function draw(before) {
  const conversation = whereWeAre();
  const names = { people: view.people, channels: view.channels, groups: view.groups };
  const surfaceFor = (container, root) =>
    surfaceOf({ view, everyone: people, conversation: conversation.id, container, root, deed });
  showMe({ ...person, name: view.me.name ?? person.name }, roleOf(person));
  showConversations(person.id, view.conversations, conversation.id, place !== HOME);
  showHead(person.id, conversation, place === HOME, newsBeside(conversation));
  const shown = place === HOME ? drawHome(surfaceFor) : drawConversation(conversation, names, surfaceFor);
  const container = { type: "view", view_id: view.modal?.id };
  showModal(view.modal, surfaceFor(container, modalRoot), { submit, close: closeModal });
  placeSign();
  if (before) tellNews(before, conversation, shown);
}

function drawHome(surfaceFor) {
  hideComposer();
  return showHome(view.home, surfaceFor({ type: "view", view_id: view.home?.id }, homeRoot));
}

function drawConversation(conversation, names, surfaceFor) {
  showComposer(conversation, view.commands, otherChannel(), (command, text) =>
    deed("command", { channel: conversation.id, command, text }, command),
  );
  const shown = showMessages(conversation, names, surfaceFor, firstStep(people, person, view, conversation));
  if (conversation.unread) act(person.id, "read", { channel: conversation.id }).catch(() => undefined);
  return shown;
}

function whereWeAre() {
  const { conversations } = view;
  const asked = place === HOME ? conversations.find(({ kind }) => kind === "dm") : conversations.find(({ id }) => id === place);
  return asked ?? landing(conversations);
}

/** Where somebody comes in: what is new, else what has been said, the bot's own messages first; else a channel of theirs. */
function landing(conversations) {
  const own = conversations.filter(({ member }) => member).sort((one, other) => (other.kind === "dm") - (one.kind === "dm"));
  return (
    own.find(({ unread }) => unread) ??
    own.find(({ messages }) => messages.length) ??
    own.find(({ kind }) => kind === "channel") ??
    conversations[0]
  );
}

function otherChannel() {
  const channel = view.conversations.find(({ kind, member }) => kind === "channel" && member);
  return channel && within(addressOf(person.id, channel.id), {}, `#${channel.name.replace(/^#/, "")}`);
}

const newsBeside = (here) => view.conversations.filter(({ id, unread }) => unread && id !== here.id);

/** Leads to what is new, and tells a screen reader where else something is; what is new here it hears anyway. */
function tellNews(before, here, shown) {
  const wasUnread = new Set(before.conversations.filter(({ unread }) => unread).map(({ id }) => id));
  const fresh = newsBeside(here).filter(({ id }) => !wasUnread.has(id));
  if (fresh.length) announce(fresh.map((one) => `New in ${titleOf(one)}.`).join(" "));
  const elsewhere = view.conversations
    .filter(({ id }) => id !== here.id || place === HOME)
    .map((conversation) => ({ conversation, count: addedTo(conversation, before) }))
    .filter(({ count }) => count > 0);
  const isModal = before.modal?.id !== view.modal?.id || before.modal?.hash !== view.modal?.hash;
  lead(person.id, here, shown, { isModal, isCovered: view.modal !== null, elsewhere });
}

function addedTo({ id, messages }, before) {
  const old = before.conversations.find((one) => one.id === id)?.messages ?? [];
  const known = new Set(old.map(({ ts }) => ts));
  return messages.filter(({ ts }) => !known.has(ts)).length;
}

/** Does something as the person, named by `words`. Says whether it went through, and tells the reader where it did not. */
async function deed(name, body, words) {
  if (words !== undefined) began(words);
  try {
    const { ok, error } = await act(person.id, name, body);
    if (ok) {
      notice("");
      if (words) went(view.conversations.find(({ kind }) => kind === "dm").name);
    } else {
      nothingCame();
      refused(error);
    }
    return ok;
  } catch (problem) {
    nothingCame();
    failed(problem);
    return false;
  }
}

async function submit(shown, values) {
  began(null);
  try {
    const { ok, errors, error } = await act(person.id, "submit", { view_id: shown.id, values });
    if (ok || errors) notice("");
    else refused(error);
    await refresh();
    return errors ?? null;
  } catch (problem) {
    failed(problem);
    return null;
  }
}

function failed(problem) {
  if (problem instanceof Refused) refused(null);
  else notice(LOST);
}

async function closeModal(shown) {
  await deed("close", { view_id: shown.id });
  await refresh();
}

start();
