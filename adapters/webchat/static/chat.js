// Makes the chat live. Without it the page is a form that is sent and loaded again.

import { follow } from "./stream.js";

const byID = (id) => document.getElementById(id);
const list = byID("messages"), area = byID("chat-text"), form = byID("chat-form");
const max = Number(area.dataset.max);
const business = document.querySelector("h1").textContent;
const hello = byID("live").textContent;

// --- What was typed and is not known to be stored ----------------------------

// Each message is kept in the browser until the server has it, so that neither a
// lost connection nor a closed page loses it, and each under a key of its own,
// as several pages may be open. Its id makes sending again harmless.
const kept = "frontdesk-chat-out-", draft = "frontdesk-chat-draft";
const store = { // private windows may refuse
  get(key) { try { return localStorage.getItem(key) ?? ""; } catch { return ""; } },
  set(key, value) { try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch { /* not kept */ } },
  keys() { try { return Object.keys(localStorage); } catch { return []; } },
};
function restored(key) {
  try { return [{ ...JSON.parse(store.get(key)), problem: "" }]; } catch { return []; }
}
let outbox = store.keys().filter((key) => key.startsWith(kept)).flatMap(restored).sort((a, b) => (a.at < b.at ? -1 : 1));
function drop(id) {
  outbox = outbox.filter((one) => one.id !== id);
  store.set(kept + id, "");
}

function newID() {
  const b = crypto.getRandomValues(new Uint8Array(16));
  b[6] = (b[6] & 0x0f) | 0x40;
  b[8] = (b[8] & 0x3f) | 0x80;
  const hex = Array.from(b, (n) => n.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

// --- Showing -----------------------------------------------------------------

function element(name, className, ...children) {
  const e = document.createElement(name);
  if (className) e.className = className;
  e.append(...children);
  return e;
}

// away is a link to somewhere else.
function away(href, className, ...children) {
  const link = element("a", className, ...children);
  link.href = href;
  link.target = "_blank";
  link.rel = "noopener noreferrer nofollow";
  return link;
}

const clock = new Intl.DateTimeFormat(undefined, { timeStyle: "short" });
const date = new Intl.DateTimeFormat(undefined, { weekday: "long", day: "numeric", month: "long" });

function message(m) {
  const li = element("li", "message " + m.by);
  li.id = "m-" + m.seq;
  li.dataset.at = m.at;
  const mine = m.by === "customer";
  li.append(mine || !m.name ? element("p", "quiet", mine ? "You" : business) : element("p", "by", m.name));
  if (m.file) li.append(element("p", "file", file(m.file)));
  if (m.parts.length) li.append(element("p", "bubble", ...m.parts.map(({ text, href }) => (href ? away(href, "", text) : text))));
  if (m.choices?.length) {
    const choices = element("form", "choices");
    choices.setAttribute("aria-label", "Answers to choose");
    choices.dataset.seq = m.seq;
    for (const { id, title } of m.choices) {
      const b = element("button", "", title);
      b.value = id;
      choices.append(b);
    }
    li.append(choices);
  }
  if (m.locate) {
    const b = element("button", "", "Share my location");
    b.type = "button";
    li.append(element("p", "locate", b));
  }
  li.append(element("p", "meta", element("time")));
  return li;
}

// file is a picture, or a link to what is none.
function file({ kind, name, url }) {
  if (kind !== "image") return away(url, "bubble", name);
  const picture = element("img");
  picture.src = url;
  picture.alt = name;
  picture.decoding = "async";
  return away(url, "picture", picture);
}

function pending(one) {
  const li = element("li", "message customer pending" + (one.problem ? " stuck" : ""));
  li.id = "p-" + one.id;
  li.dataset.at = one.at;
  const meta = element("p", "meta", one.problem || one.note || "Sending…");
  if (one.problem) {
    const again = element("button", "", "Try again"), remove = element("button", "", "Remove");
    again.type = remove.type = "button";
    again.addEventListener("click", () => { one.problem = ""; showPending(); flush(); });
    remove.addEventListener("click", () => { drop(one.id); showPending(); area.focus(); });
    meta.append(again, remove);
  }
  li.append(element("p", "quiet", "You"), element("p", "bubble", one.title || one.text), meta);
  return li;
}

function showPending() {
  const end = atEnd();
  for (const old of list.querySelectorAll(".pending")) old.remove();
  for (const one of outbox) list.append(pending(one));
  arrange();
  if (end) toEnd(); // what is said beside a message may take a line more
}

// Browsers tell a place to pages that were loaded over HTTPS only.
const canLocate = isSecureContext && "geolocation" in navigator;

// arrange writes times in the visitor's own zone, the lines between days, and
// makes small or hides what can be tapped once something was said after it.
function arrange() {
  for (const old of list.querySelectorAll(".day")) old.remove();
  let before = "";
  const all = [...list.children];
  all.forEach((li, i) => {
    const at = new Date(li.dataset.at), day = date.format(at);
    const time = li.querySelector("time");
    if (time) {
      time.dateTime = li.dataset.at;
      time.textContent = clock.format(at);
    }
    li.querySelector(".choices")?.classList.toggle("old", i < all.length - 1);
    const locate = li.querySelector(".locate");
    if (locate) locate.hidden = i < all.length - 1 || !canLocate;
    if (day !== before) {
      const line = element("li", "day", element("span", "", day === date.format(new Date()) ? "Today" : day));
      line.setAttribute("aria-hidden", "true");
      li.before(line);
      before = day;
    }
  });
  byID("hello").hidden = all.length > 0;
}

const page = document.scrollingElement;
const atEnd = () => page.scrollHeight - page.scrollTop - page.clientHeight < 120;
function toEnd() {
  page.scrollTop = page.scrollHeight;
  byID("newer").hidden = true;
}
byID("newer").addEventListener("click", toEnd);
let pinned = true; // the end was in sight when last seen
addEventListener("scroll", () => {
  pinned = atEnd();
  if (pinned) byID("newer").hidden = true;
}, { passive: true });
// A picture takes its room when it is there.
list.addEventListener("load", () => { if (pinned) toEnd(); }, true);

function notice(text) {
  const end = atEnd();
  byID("notice").replaceChildren(...(text ? [element("p", "notice", text)] : []));
  if (end) toEnd(); // the line takes room from the messages
}

function live(ok) {
  const mark = byID("live");
  const text = ok ? hello : "No connection. Trying again…";
  mark.classList.toggle("lost", !ok);
  if (mark.textContent !== text) mark.textContent = text;
}

// --- Reading -----------------------------------------------------------------

let next = 0, stale = false, reading = false, following = false, first = true, timer = 0, unseen = 0;

function later(ms) {
  clearTimeout(timer);
  timer = setTimeout(read, ms);
}

async function read() {
  stale = true;
  if (reading) return;
  reading = true;
  while (stale) {
    stale = false;
    try {
      const answer = await fetch("/chat/messages?after=" + next);
      if (!answer.ok) throw new Error(answer.statusText);
      take(await answer.json());
    } catch {
      live(false);
      later(4000);
      break;
    }
  }
  reading = false;
}

function take(talk) {
  const end = atEnd() || first;
  let news = false;
  for (const m of talk.messages) {
    if (m.id) drop(m.id);
    if (byID("m-" + m.seq)) continue;
    const li = message(m);
    if (!first) {
      li.classList.add("new");
      if (document.hidden && m.by !== "customer") unseen++;
    }
    // In its place: one that waited may be older than what is shown.
    const after = [...list.querySelectorAll("[id^=m-]")].find((o) => Number(o.id.slice(2)) > m.seq);
    list.insertBefore(li, after ?? list.querySelector(".pending"));
    news = true;
  }
  next = talk.next;
  showPending();
  live(true);
  if (news && !end) byID("newer").hidden = false;
  if (end) toEnd();
  first = false;
  title();
  if (talk.started && !following) listen();
  if (talk.waiting) later(1000);
  // The newest messages of a long talk come 200 at a time.
  if (talk.messages.length >= 200 && !talk.waiting) stale = true;
}

function listen() {
  following = true;
  follow("/chat/events", {
    hello() { live(true); read(); flush(); },
    hint: read,
    lost(closed) {
      if (closed) read(); // there may be no place for a stream: ask each time it is tried again
      else live(false);
    },
  });
}

// title tells those who look elsewhere that there is an answer.
function title() {
  document.title = (unseen ? `(${unseen}) ` : "") + document.title.replace(/^\(\d+\) /, "");
}
document.addEventListener("visibilitychange", () => {
  if (document.hidden) return;
  unseen = 0;
  title();
  read();
});
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
addEventListener("online", () => { read(); flush(); });

// --- Sending -----------------------------------------------------------------

let sending = false, pause = 2000, resend = 0;

// flush sends what waits, one after the other. A lost connection or an
// overloaded server means to try again by itself; a refusal is shown.
async function flush() {
  if (sending) return;
  sending = true;
  clearTimeout(resend);
  for (let one; (one = outbox.find((o) => !o.problem));) {
    let again = 0;
    try {
      const answer = await fetch("/chat/messages", {
        method: "POST", headers: { "Content-Type": "application/json" },
        body: JSON.stringify({ id: one.id, text: one.text, choice: one.choice, message: one.message, place: one.place }),
      });
      if (answer.ok) {
        drop(one.id);
        pause = 2000;
        await read();
        continue;
      }
      const { error } = await answer.json().catch(() => ({}));
      if (answer.status === 429 || answer.status >= 500) {
        again = Number(answer.headers.get("Retry-After") || 5) * 1000;
      } else {
        one.problem = error ?? "Not sent.";
        showPending();
      }
    } catch {
      again = pause = Math.min(pause * 2, 30000);
      live(false);
    }
    if (again) {
      one.note = "Not sent yet. Trying again…";
      showPending();
      resend = setTimeout(flush, again);
      break;
    }
  }
  sending = false;
}

function send(one) {
  one = { id: newID(), at: new Date().toISOString(), text: "", problem: "", ...one };
  outbox.push(one);
  store.set(kept + one.id, JSON.stringify(one));
  notice("");
  showPending();
  toEnd();
  flush();
}

document.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.target === form) {
    const text = area.value.trim();
    if (!text) return area.focus();
    if (text.length > max) return notice(`Your message has ${text.length} characters; ${max} fit. Please shorten it.`);
    area.value = "";
    store.set(draft, "");
    count();
    send({ text });
    area.focus();
  } else if (event.submitter) {
    const message = Number(event.target.dataset.seq ?? event.target.elements.message.value), choice = event.submitter.value;
    if (outbox.some((one) => one.choice === choice && one.message === message)) return; // it is on its way
    send({ choice, title: event.submitter.textContent, message });
  }
});

// locate asks the browser, which asks the customer, where they are.
function locate(button) {
  const done = (said) => {
    button.disabled = false;
    button.textContent = "Share my location";
    notice(said);
    if (said) area.focus();
  };
  button.disabled = true;
  button.textContent = "Looking…";
  navigator.geolocation.getCurrentPosition(({ coords: { latitude, longitude } }) => {
    done("");
    send({ place: { latitude, longitude }, title: "My location" });
  }, () => done("Your location could not be found. Write where you are instead."), { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
}
document.addEventListener("click", (event) => {
  const button = event.target.closest(".locate button");
  if (button) locate(button);
});

// A double click chooses once.
document.addEventListener("click", (event) => {
  if (event.detail > 1 && event.target.closest(".choices")) event.preventDefault();
});

area.addEventListener("keydown", (event) => {
  // On a phone Enter is a new line: its keyboard has no Shift+Enter.
  if (event.key !== "Enter" || event.shiftKey || event.isComposing || matchMedia("(pointer: coarse)").matches) return;
  event.preventDefault();
  form.requestSubmit();
});

function count() {
  const counter = byID("counter"), left = max - area.value.length;
  counter.hidden = left > 200;
  counter.classList.toggle("over", left < 0);
  counter.textContent = left < 0 ? `${-left} too many` : `${left} left`;
}
area.addEventListener("input", () => { store.set(draft, area.value); count(); });

// --- Begin -------------------------------------------------------------------

if (!area.value) area.value = store.get(draft);
count();
arrange();
toEnd();
read();
flush();
