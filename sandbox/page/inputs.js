// How is something typed? Text, numbers, dates and times, in the browser's own fields.

import { h } from "./dom.js";
import { remember } from "./fields.js";

const TYPES = {
  plain_text_input: { type: "text", field: "value", initial: "initial_value" },
  number_input: { type: "text", field: "value", initial: "initial_value", inputmode: "decimal" },
  email_text_input: { type: "email", field: "value", initial: "initial_value" },
  url_text_input: { type: "url", field: "value", initial: "initial_value" },
  datepicker: { type: "date", field: "selected_date", initial: "initial_date" },
  timepicker: { type: "time", field: "selected_time", initial: "initial_time" },
  datetimepicker: { type: "datetime-local", field: "selected_date_time", initial: "initial_date_time" },
};

export function input(spec, how) {
  const { type, field, initial, inputmode } = TYPES[spec.type];
  const first = spec[initial] ?? "";
  const node = h(spec.multiline ? "textarea" : "input", {
    id: how.id,
    class: "field",
    type: spec.multiline ? null : type,
    rows: spec.multiline ? 4 : null,
    inputmode,
    placeholder: spec.placeholder?.text,
    minlength: spec.min_length,
    maxlength: spec.max_length,
    autocomplete: "off",
    "aria-label": how.name,
    "aria-labelledby": how.label,
    onkeydown: keepsEnter,
    onchange: how.acts && (() => isWhole(node) && how.acts(node, read())),
  });
  node.value = spec.type === "datetimepicker" && first ? localTime(first) : first;
  const read = () => ({ [field]: valueOf(spec.type, node.value) });
  return remember(node, how.block, spec, read);
}

/** What is wrong with a field's text, in words, or null. */
export function complaint(spec, text) {
  if (text === null || text === undefined || text === "") return null;
  if (spec.type === "number_input") {
    const number = Number(text);
    if (!Number.isFinite(number)) return "Type a number.";
    if (!spec.is_decimal_allowed && !Number.isInteger(number)) return "Type a whole number.";
    if (spec.min_value !== undefined && number < Number(spec.min_value)) return `Type ${spec.min_value} or more.`;
    if (spec.max_value !== undefined && number > Number(spec.max_value)) return `Type ${spec.max_value} or less.`;
  }
  if (spec.min_length && text.length < spec.min_length) return `Type ${spec.min_length} characters or more.`;
  if (spec.max_length && text.length > spec.max_length) return `Type ${spec.max_length} characters or fewer.`;
  if (spec.type === "email_text_input" && !/^[^\s@]+@[^\s@]+$/.test(text)) return "Type an e-mail address.";
  if (spec.type === "url_text_input" && !URL.canParse(text)) return "Type an address that begins with https://.";
  return null;
}

/** Enter makes a new line in a long text; it does not submit. */
function keepsEnter(event) {
  if (event.key === "Enter" && event.target.tagName === "TEXTAREA") event.stopPropagation();
}

/** A date field reports each digit of a typed year; it is whole when the year can be meant. */
const isWhole = (node) => !node.type.startsWith("date") || node.value === "" || Number(node.value.slice(0, 4)) >= 1970;

function valueOf(type, text) {
  if (text === "") return null;
  return type === "datetimepicker" ? Math.floor(new Date(text).getTime() / 1000) : text;
}

function localTime(seconds) {
  const instant = new Date(seconds * 1000);
  const shifted = new Date(instant.getTime() - instant.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}
