// Shows what was said: the messages of a conversation or the Home tab, with the newest in sight.

import { drawBlock } from "./blocks.js";
import { dayOf, timeOfDay } from "./dates.js";
import { h, keep } from "./dom.js";
import { face } from "./faces.js";
import { shared } from "./files.js";
import { mrkdwn } from "./mrkdwn.js";

const scroll = document.getElementById("scroll");
const list = document.getElementById("messages");
const home = document.getElementById("home");
const NOTHING = [{ type: "context", elements: [{ type: "plain_text", text: "The app has shown nothing here yet." }] }];
let shownId = null;

/**
 * Shows the messages of `conversation`; where there are none, `nothing`: a key, and `words()` for it. `surfaceFor(container, root)` gives a
 * message its surface. Gives the messages `added` and `changed`, and whether the person `follows`: sees what is newest.
 */
export function showMessages(conversation, names, surfaceFor, nothing) {
  const isOther = turnTo(conversation.id, list);
  const follows = isOther || isAtEnd();
  const before = new Map([...list.children].map((node) => [node.dataset.key, node]));
  const container = ({ ts }) => ({ type: "message", channel: conversation.id, ts });
  const draw = (said) => message(said, names, (root) => surfaceFor(container(said), root));
  const isChanged = keep(list, entries(conversation.messages, nothing), {
    key: (entry) => entry.key,
    build: ({ line, words, said }) =>
      words ? h("li", { class: "empty" }, h("p", {}, ...words())) : line ? h("li", { class: "day" }, h("span", {}, line)) : draw(said),
  });
  if (follows && isChanged) toNewest();
  const fresh = [...list.children].filter((node) => node.matches(".message") && before.get(node.dataset.key) !== node);
  const isNew = (node) => !before.has(node.dataset.key);
  return { added: isOther ? [] : fresh.filter(isNew), changed: fresh.filter((node) => !isNew(node)), follows };
}

/** Shows the Home tab; `view` is null until the app has published one. Gives what changed, as `showMessages` does. */
export function showHome(view, surface) {
  turnTo("home", home);
  const isChanged = keep(home, view?.blocks ?? NOTHING, {
    key: (block, place) => block.block_id ?? `home-${place}`,
    build: (block, place) => drawBlock(block, place, surface),
  });
  return { added: [], changed: isChanged ? [home] : [], follows: true };
}

export const homeRoot = () => home;

/** Empties and shows `part` where it is about something else than before, and says whether it is. */
function turnTo(id, part) {
  const isOther = shownId !== id;
  shownId = id;
  // A screen reader hears what is new here, but not all that stood here before.
  scroll.setAttribute("aria-live", isOther ? "off" : "polite");
  if (isOther) part.replaceChildren();
  for (const one of [list, home]) one.hidden = one !== part;
  return isOther;
}

/** Messages in order, with a line where a day begins. */
function entries(messages, nothing) {
  if (messages.length === 0) return [nothing];
  let day = null;
  return messages.flatMap((said) => {
    const own = { key: said.ts, said };
    const begins = dayOf(Number(said.ts));
    if (begins === day) return [own];
    day = begins;
    return [{ key: `day ${said.ts}`, line: day }, own];
  });
}

function message(said, names, surfaceFor) {
  const { author, ts, text, blocks, files } = said;
  const content = h("div", { class: "content" });
  const surface = surfaceFor(() => content);
  content.append(
    ...(blocks?.length ? blocks.map((block, place) => drawBlock(block, place, surface)) : mrkdwn(text ?? "", names)),
    ...(files ?? []).map(shared),
  );
  return h(
    "li",
    { class: said.ephemeral ? "message ephemeral" : "message" },
    face(author),
    h(
      "div",
      { class: "body" },
      h(
        "p",
        { class: "by" },
        h("strong", {}, author.name),
        author.is_bot && h("span", { class: "tag" }, "app"),
        h("time", { datetime: new Date(Number(ts) * 1000).toISOString() }, timeOfDay(Number(ts))),
        said.edited && h("span", {}, "edited"),
        said.ephemeral && h("span", { class: "tag private" }, "Only visible to you"),
      ),
      content,
      said.replies.length > 0 && thread(said.replies, names, surfaceFor),
    ),
  );
}

/** What was said in reply, which Slack shows beside the conversation. */
function thread(replies, names, surfaceFor) {
  const label = replies.length === 1 ? "1 reply" : `${replies.length} replies`;
  return h(
    "details",
    { class: "thread" },
    h("summary", {}, label),
    h("ul", {}, ...replies.map((one) => message(one, names, surfaceFor))),
  );
}

/** Whether the newest message is in sight, so that what comes next shall be, too. */
export function isAtEnd() {
  const newest = list.lastElementChild;
  return !newest || newest.getBoundingClientRect().top < scroll.getBoundingClientRect().bottom;
}

export function isInSight(node) {
  const [one, around] = [node.getBoundingClientRect(), scroll.getBoundingClientRect()];
  return one.top < around.bottom && one.bottom > around.top;
}

/** Brings `first` and all after it into sight: whole, or from its beginning where they are taller than the window. */
export function bring(first) {
  const isTall = scroll.scrollHeight - first.offsetTop > scroll.clientHeight;
  scroll.scrollTop = isTall ? first.offsetTop : scroll.scrollHeight;
  look();
}

/** `heard` is called whenever the person has scrolled. */
export const onScroll = (heard) => scroll.addEventListener("scroll", heard, { passive: true });

function toNewest() {
  if (list.lastElementChild) bring(list.lastElementChild);
}

let isAtBottom = true;

function look() {
  isAtBottom = scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < 2;
}

/** Who was at the bottom stays there, when a picture gets its height, or a line above or below takes room. */
function stay() {
  if (isAtBottom && !list.hidden) scroll.scrollTop = scroll.scrollHeight;
}

onScroll(look);
const sizes = new ResizeObserver(stay);
for (const part of [list, scroll]) sizes.observe(part);
