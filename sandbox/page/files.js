// What was shared? A picture is shown with its words for screen readers; any other file can be kept.

import { h } from "./dom.js";

const KILO = 1024;

/** A file under its title. */
export function shared(file) {
  const { title, name, address } = file;
  if (file.is_picture) {
    const picture = h("img", { src: address, alt: file.alt_text || title, loading: "lazy" });
    const whole = h("a", { href: address, target: "_blank", rel: "noopener" }, picture);
    return h("figure", { class: "shared" }, h("figcaption", {}, title), whole);
  }
  const size = h("span", { class: "hush" }, ` ${sizeOf(file.size)}`);
  return h("p", { class: "shared" }, h("a", { href: address, download: name }, title), size);
}

function sizeOf(bytes) {
  const kilos = bytes / KILO;
  return kilos < KILO ? `${Math.max(1, Math.round(kilos))} KB` : `${(kilos / KILO).toFixed(1)} MB`;
}
