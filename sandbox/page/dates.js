// How is an instant written? In the reader's own zone, as Slack writes <!date^...>.

const FORMATS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  time_secs: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
};

/** `pattern` with its {tokens} filled in for a Unix time. A token that we do not know stays as it is. */
export function written(seconds, pattern) {
  const instant = new Date(seconds * 1000);
  return pattern.replace(/\{(\w+)\}/g, (token, name) => {
    const format = FORMATS[name.replace(/_pretty$/, "")];
    return format ? new Intl.DateTimeFormat("en-US", format).format(instant) : token;
  });
}

export const timeOfDay = (seconds) => written(seconds, "{time}");

export const dayOf = (seconds) =>
  new Intl.DateTimeFormat("en-US", { weekday: "long", month: "long", day: "numeric" }).format(new Date(seconds * 1000));
