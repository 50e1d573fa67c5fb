// Shows who you are and where you can go: your name, the channels, and the bot.

import { h, keep } from "./dom.js";
import { face } from "./faces.js";

/** A link within the page; page.js follows it without a reload. */
export const within = (address, attributes, ...words) => h("a", { href: address, "data-within": true, ...attributes }, ...words);

export const addressOf = (person, place) =>
  `/?${new URLSearchParams(place ? { as: person, in: place } : { as: person })}`;

export function showMe(me, title) {
  keep(document.getElementById("me"), [{ me, title }], {
    key: () => "me",
    build: () =>
      h(
        "div",
        { class: "card" },
        face(me),
        h(
          "div",
          {},
          h("p", {}, h("span", { class: "unseen" }, "You are "), h("strong", {}, me.name)),
          h("p", { class: "hush" }, title),
        ),
        within("/", { class: "change" }, "Switch person"),
      ),
  });
}

/** The list of conversations, in two groups. `here` is the id of the one that is shown; `isRead` says that its messages are. */
export function showConversations(person, conversations, here, isRead) {
  const groups = [
    { title: "Channels", of: conversations.filter(({ kind }) => kind !== "dm") },
    { title: "Apps", of: conversations.filter(({ kind }) => kind === "dm") },
  ];
  const row = ({ id, name, kind, unread }) => ({ id, name, kind, here: id === here, unread: unread && !(isRead && id === here) });
  const shown = groups.map(({ title, of }) => ({ title, of: of.map(row) }));
  const list = document.getElementById("conversations");
  keep(list, shown, { key: ({ title }) => title, build: (group) => drawGroup(person, group) });
}

function drawGroup(person, { title, of }) {
  return h(
    "section",
    {},
    h("h2", {}, title),
    h(
      "ul",
      {},
      ...of.map(({ id, name, kind, unread, here }) =>
        h(
          "li",
          {},
          within(
            addressOf(person, id),
            { "aria-current": here ? "page" : null, "data-action": id, class: unread ? "unread" : null },
            h("span", { class: "name" }, titleOf({ kind, name })),
            kind === "private" && h("small", {}, "private"),
            unread && h("span", { class: "tag new" }, "new"),
          ),
        ),
      ),
    ),
  );
}

export const titleOf = ({ kind, name }) => (kind === "dm" ? name : `# ${name.replace(/^#/, "")}`);
