// How is somebody shown where there are no pictures? Initials on one of six quiet colours.

import { h } from "./dom.js";

/** It only decorates: the name stands beside it. */
export const face = (person) => h("div", { class: `face tone-${tone(person)}`, "aria-hidden": "true" }, initials(person.name));

function initials(name) {
  const words = name.match(/\p{L}+/gu) ?? ["?"];
  return (words[0][0] + (words.length > 1 ? words.at(-1)[0] : "")).toUpperCase();
}

/** The same for a person each time; 0 is for apps. */
function tone({ id, is_bot: isBot }) {
  return isBot ? 0 : 1 + ([...id].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 5);
}
