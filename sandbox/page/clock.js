// The bot's time, where its clock is connected: shown, and walked forward so that everything comes on its day.

import { clock, Refused, walk } from "./api.js";
import { h } from "./dom.js";
import { openSide } from "./head.js";
import { notice } from "./tell.js";

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
const ELSEWHERE = "Time is moving already, in another window. Wait for it, or stop it there.";
const LOST = "Time stopped: the sandbox isn’t answering.";
const INSTANT = { year: "numeric", month: "short", day: "numeric", hour: "numeric", minute: "2-digit", timeZoneName: "short" };
const WHOLE_DAY = { weekday: "long", year: "numeric", month: "long", day: "numeric" };

const moving = document.getElementById("moving");
const talk = document.getElementById("talk");
const written = (now, format) => new Intl.DateTimeFormat("en-US", format).format(new Date(now));

/** Shows the clock in `place`, and asks again each minute. Without a clock there is nothing. `tell` is for screen readers. */
export async function startClock(place, tell) {
  const first = await clock();
  if (!first) return;
  const shown = h("time");
  const show = ({ now }) => {
    shown.dateTime = now;
    shown.textContent = written(now, INSTANT);
  };
  const buttons = STEPS.map(([label, seconds]) =>
    h("button", { type: "button", class: "small", onclick: (event) => move(event.target, label, seconds) }, label),
  );

  async function move(pressed, label, seconds) {
    for (const button of buttons) button.disabled = true;
    const words = await walked(seconds, show);
    for (const button of buttons) button.disabled = false;
    if (moving.contains(document.activeElement)) (pressed.checkVisibility() ? pressed : talk).focus({ preventScroll: true });
    moving.hidden = true;
    if (words === null) return;
    show(await clock());
    tell(`${words || `Time moved forward: ${label}.`} It is now ${shown.textContent}.`);
  }

  place.append(
    h("p", { class: "hush" }, "For HTA Bot it is"),
    h("p", {}, shown),
    h("details", {}, h("summary", {}, "Move time forward"), h("div", { class: "steps" }, ...buttons)),
  );
  place.hidden = false;
  show(first);
  // Where the sandbox is gone, the rest of the page says so.
  setInterval(() => clock().then(show).catch(() => undefined), MINUTE);
}

/**
 * Walks, and shows each day above the conversation beside a button that stops it. Gives a word where it was stopped, an
 * empty one where it came to its end, and null where it could not be.
 */
async function walked(seconds, show) {
  const stopping = new AbortController();
  try {
    const step = drawMoving(seconds, await clock(), () => stopping.abort());
    await walk(seconds, (time) => (show(time), step(time)), stopping.signal);
    return "";
  } catch (problem) {
    if (problem.name === "AbortError") return "Stopped.";
    notice(problem instanceof Refused ? ELSEWHERE : LOST);
    return null;
  }
}

/** Shows that time moves; gives what shows the next step. */
function drawMoving(seconds, from, onstop) {
  const day = h("p", {});
  const bar = h("progress", { max: seconds, value: 0, "aria-label": "Time moved" });
  const stop = h("button", { type: "button", class: "small", onclick: onstop }, "Stop");
  const step = ({ now, offset_seconds: offset }) => {
    day.textContent = `It is ${written(now, WHOLE_DAY)}.`;
    bar.value = offset - from.offset_seconds;
  };
  step(from);
  moving.replaceChildren(day, bar, stop);
  moving.hidden = false;
  openSide(false);
  stop.focus();
  return step;
}
