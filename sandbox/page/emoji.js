// Which :names: are drawn as signs? A small set; any other name stays as it was typed.

const SIGNS = {
  "+1": "👍",
  "-1": "👎",
  alarm_clock: "⏰",
  arrow_right: "➡️",
  ballot_box_with_check: "☑️",
  bar_chart: "📊",
  bell: "🔔",
  bulb: "💡",
  calendar: "📅",
  clipboard: "📋",
  eyes: "👀",
  heart: "❤️",
  heavy_check_mark: "✔️",
  hourglass: "⌛",
  information_source: "ℹ️",
  key: "🔑",
  large_blue_circle: "🔵",
  large_green_circle: "🟢",
  large_yellow_circle: "🟡",
  lock: "🔒",
  memo: "📝",
  no_entry: "⛔",
  pause_button: "⏸️",
  point_right: "👉",
  red_circle: "🔴",
  seedling: "🌱",
  star: "⭐",
  tada: "🎉",
  thumbsup: "👍",
  warning: "⚠️",
  wave: "👋",
  white_check_mark: "✅",
  x: "❌",
};

/** The sign for `name`, or `:name:` itself. */
export const sign = (name) => (Object.hasOwn(SIGNS, name) ? SIGNS[name] : `:${name}:`);

/** `text` with the names in it drawn as signs. */
export const withSigns = (text) => text.replace(/:([a-z0-9_+-]+):/g, (_, name) => sign(name));
