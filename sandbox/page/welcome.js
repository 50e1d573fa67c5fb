// Who can one be? The people of the workspace, with what they do there.

import { h } from "./dom.js";
import { face } from "./faces.js";
import { canTakePart } from "./guide.js";
import { addressOf, within } from "./sidebar.js";

export function showPeople(place, people) {
  const able = people.filter(canTakePart);
  const coordinators = able.filter((person) => person.is_coordinator_hint);
  const staff = able.filter((person) => !person.is_coordinator_hint);
  place.replaceChildren(
    ...group(coordinators.length > 1 ? "Coordinators" : "Coordinator", coordinators),
    ...group("Staff", staff),
  );
}

function group(title, people) {
  if (people.length === 0) return [];
  return [h("h2", {}, title), h("ul", { class: "people" }, ...people.map(card))];
}

function card(person) {
  return h(
    "li",
    {},
    within(
      addressOf(person.id),
      { class: "card" },
      face(person),
      h("div", {}, h("strong", {}, person.name), h("span", { class: "hush" }, roleOf(person))),
    ),
  );
}

/** The job title, and what else matters for who is asked. */
export function roleOf(person) {
  const marks = [
    person.is_coordinator_hint && "coordinator",
    person.guest && "guest",
    person.stranger && "of another organization",
  ];
  const told = person.title.toLowerCase();
  return [person.title, ...marks.filter((mark) => mark && !told.includes(mark))].filter(Boolean).join(", ");
}
