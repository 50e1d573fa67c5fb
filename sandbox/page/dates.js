// Writes instants in the reader's own zone, as Slack writes <!date^...>.

const FORMATS = {
  date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
  date: { year: "numeric", month: "long", day: "numeric" },
  date_short: { year: "numeric", month: "short", day: "numeric" },
  date_long: { weekday: "long", year: "numeric", month: "long", day: "numeric" },
  time: { hour: "numeric", minute: "2-digit" },
  time_secs: { hour: "numeric", minute: "2-digit", second: "2-digit" },
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

/** The day in words, with the year where it isn't this one. */
export function dayOf(seconds) {
  const day = new Date(seconds * 1000);
  const year = day.getFullYear() === new Date().getFullYear() ? undefined : "numeric";
  return new Intl.DateTimeFormat("en-US", { weekday: "long", month: "long", day: "numeric", year }).format(day);
}
