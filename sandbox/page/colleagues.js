// How can five minutes lead to results? Colleagues who were asked answer by themselves, with the buttons that you would press.

import { act, changed, viewOf } from "./api.js";

const CHOICES = ["Never", "Occasionally", "Often", "Always"];
const AT_ONCE = 4;
const PATIENCE = 10_000;

/** Everybody of `people` who was asked and has not begun answers to the end. `tell(done, all)` hears how far they are. */
export async function letAnswer(people, tell) {
  const begun = new Set();
  let done = 0;
  // Invitations may still be going out, so they look again for who was asked meanwhile.
  for (let asked = await whoMayStart(people, begun); asked.length; asked = await whoMayStart(people, begun)) {
    for (const person of asked) begun.add(person);
    tell(done, begun.size);
    const worker = async () => {
      for (let person = asked.pop(); person; person = asked.pop()) {
        if (await answersToTheEnd(person)) done += 1;
        tell(done, begun.size);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, worker));
  }
  if (begun.size === 0) tell(0, 0);
}

async function whoMayStart(people, begun) {
  const rest = people.filter((person) => !begun.has(person));
  const here = await Promise.all(rest.map(newest));
  return rest.filter((_, at) => here[at].offers.start);
}

async function answersToTheEnd(person) {
  let here = await newest(person);
  for (; here?.offers.next; here = await after(person, here)) {
    const { element, block, selection } = here.offers.next;
    const container = { type: "message", channel: here.channel, ts: here.message.ts };
    await act(person.id, "press", { container, block_id: block, action_id: element.action_id, selection, values: {} });
  }
  return Boolean(here?.offers.isEnd);
}

/** The newest message of the person's talk with the app, and what can be pressed in it. */
async function newest(person) {
  const { version, conversations } = await viewOf(person.id);
  const talk = conversations.find(({ kind }) => kind === "dm");
  const message = talk?.messages.at(-1);
  return { version, channel: talk?.id, message, offers: offersOf(message?.blocks ?? []) };
}

/** The newest message once it is another one than before and leads on; null where none comes. */
async function after(person, before) {
  const until = Date.now() + PATIENCE;
  const old = JSON.stringify(before.message);
  for (let now = await newest(person); Date.now() < until; now = await newest(person)) {
    if (JSON.stringify(now.message) !== old && (now.offers.next || now.offers.isEnd)) return now;
    await changed(now.version, AbortSignal.timeout(PATIENCE)).catch(() => undefined);
  }
  return null;
}

/** `next` is what a willing colleague would press. After a finished section there is nothing: its sequel comes by itself. */
function offersOf(blocks) {
  const all = blocks.flatMap((block) =>
    [block.accessory, ...(block.type === "actions" ? block.elements : [])]
      .filter(Boolean)
      .map((element) => ({ element, block: block.block_id, selection: null })),
  );
  const named = (words) => all.find(({ element }) => element.type === "button" && element.text.text === words);
  const select = all.find(({ element }) => element.type === "static_select");
  const start = named("Start");
  const chosen = select && { ...select, selection: { selected_option: kindOfWork(select.element.options) } };
  return {
    start,
    isEnd: Boolean(named("See my scores")),
    next: named(likelyChoice(blocks)) ?? start ?? named("Submit") ?? chosen,
  };
}

/** By chance, but each section has a leaning of its own, so that there is something to see. */
function likelyChoice(blocks) {
  if (Math.random() < 0.04) return "Don't know";
  const section = blocks[0]?.elements?.[0]?.text?.split(" · ")[1] ?? "";
  const leaning = [...section].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 3;
  return CHOICES[Math.min(3, Math.floor(Math.random() * 2.8 + leaning * 0.5))];
}

let asked = 0;

/** Two kinds of work in turn: among so few people, more kinds would all be too small to be shown. */
const kindOfWork = (options) => options[asked++ % 2];
