// What was said here? The messages of a conversation or the Home tab, with the newest in sight.

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

/** Shows the messages of `conversation`. `surfaceFor(container, root)` gives a message its surface. */
export function showMessages(conversation, names, surfaceFor) {
  const isOther = turnTo(conversation.id, list);
  const follow = isOther || newestInSight();
  const container = ({ ts }) => ({ type: "message", channel: conversation.id, ts });
  const draw = (said) => message(said, names, (root) => surfaceFor(container(said), root));
  const isChanged = keep(list, entries(conversation.messages), {
    key: (entry) => entry.key,
    build: ({ line, said }) => (line ? h("li", { class: "day" }, h("span", {}, line)) : draw(said)),
  });
  if (follow && isChanged) toNewest();
}

/** Shows the Home tab; `view` is null until the app has published one. */
export function showHome(view, surface) {
  turnTo("home", home);
  keep(home, view?.blocks ?? NOTHING, {
    key: (block, place) => block.block_id ?? `home-${place}`,
    build: (block, place) => drawBlock(block, place, surface),
  });
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
function entries(messages) {
  if (messages.length === 0) return [{ key: "nothing", line: "Nothing here yet" }];
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

function newestInSight() {
  const newest = list.lastElementChild;
  return !newest || newest.getBoundingClientRect().top < scroll.getBoundingClientRect().bottom;
}

/** The newest message whole, or its beginning where it is taller than the window. */
function toNewest() {
  const newest = list.lastElementChild;
  if (!newest) return;
  const isTall = newest.offsetHeight > scroll.clientHeight;
  scroll.scrollTop = isTall ? newest.offsetTop : scroll.scrollHeight;
}
