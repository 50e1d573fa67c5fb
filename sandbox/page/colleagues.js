// How can five minutes lead to results? Colleagues who were asked answer by themselves, with the buttons that you would press.

import { act, changed, viewOf } from "./api.js";

const CHOICES = ["Never", "Occasionally", "Often", "Always"];
const AT_ONCE = 4;
const PATIENCE = 5_000;

/** Everybody of `people` who was asked and has not begun answers to the end. `tell(done, all)` hears how far they are. */
export async function letAnswer(people, tell) {
  const asked = await Promise.all(people.map(async (person) => ((await newest(person)).offers.start ? person : null)));
  const waiting = asked.filter(Boolean);
  const all = waiting.length;
  let done = 0;
  tell(done, all);
  const worker = async () => {
    for (let person = waiting.pop(); person; person = waiting.pop()) {
      await answerToTheEnd(person);
      done += 1;
      tell(done, all);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}

async function answerToTheEnd(person) {
  for (let here = await newest(person); here?.offers.next; here = await after(person, here)) {
    const { element, block, selection } = here.offers.next;
    const container = { type: "message", channel: here.channel, ts: here.message.ts };
    await act(person.id, "press", { container, block_id: block, action_id: element.action_id, selection, values: {} });
  }
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
  return {
    start,
    isEnd: Boolean(named("See my scores")),
    next: named(likelyChoice(blocks)) ?? start ?? named("Submit") ?? (select && { ...select, selection: { selected_option: oneOf(select.element.options) } }),
  };
}

/** By chance, but each section has a leaning of its own, so that there is something to see. */
function likelyChoice(blocks) {
  if (Math.random() < 0.04) return "Don't know";
  const section = blocks[0]?.elements?.[0]?.text?.split(" · ")[1] ?? "";
  const leaning = [...section].reduce((sum, letter) => sum + letter.codePointAt(0), 0) % 3;
  return CHOICES[Math.min(3, Math.floor(Math.random() * 2.8 + leaning * 0.5))];
}

const oneOf = (list) => list[Math.floor(Math.random() * list.length)];
