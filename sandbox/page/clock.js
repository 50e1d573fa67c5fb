// What time is it for the bot? Where its clock is connected, time can be moved forward.

import { advance, clock } from "./api.js";
import { h } from "./dom.js";

const HOUR = 3_600;
const DAY = 24 * HOUR;
const STEPS = [
  ["1 hour", HOUR],
  ["1 day", DAY],
  ["10 days", 10 * DAY],
  ["2 weeks", 14 * DAY],
  ["1 month", 30 * DAY],
  ["3 months", 91 * DAY],
  ["1 year", 365 * DAY],
];
const MINUTE = 60_000;

const step = (label, onclick) => h("button", { type: "button", class: "small", onclick }, label);

/** Shows the clock, and asks again each minute. Without a clock there is nothing. */
export async function startClock(place, tell) {
  const first = await clock();
  if (!first) return;
  const shown = h("time");
  const show = ({ now }) => {
    shown.dateTime = now;
    shown.textContent = new Intl.DateTimeFormat("en-US", {
      year: "numeric",
      month: "short",
      day: "numeric",
      hour: "2-digit",
      minute: "2-digit",
      hourCycle: "h23",
      timeZoneName: "short",
    }).format(new Date(now));
  };
  const move = async (label, seconds) => {
    show(await advance(seconds));
    tell(`Time moved forward: ${label}. It is now ${shown.textContent}.`);
  };
  place.append(
    h("p", { class: "hush" }, "For HTA Bot it is"),
    h("p", {}, shown),
    h(
      "details",
      {},
      h("summary", {}, "Move time forward"),
      h("div", { class: "steps" }, ...STEPS.map(([label, seconds]) => step(label, () => move(label, seconds)))),
    ),
  );
  place.hidden = false;
  show(first);
  setInterval(async () => show((await clock()) ?? first), MINUTE);
}
