// Keeps the inbox fresh and quick. Everything here also works without it:
// the page's links and forms are plain HTML.

import { follow } from "./stream.js";

const body = document.body;
const byID = (id) => document.getElementById(id);
const clock = Number(body.dataset.now) - Date.now(); // the server's clock, as seen from here
const now = () => Date.now() + clock;
const talkID = () => byID("conversation")?.dataset.conversation ?? "";

// --- Replacing parts ---------------------------------------------------------

// morph makes old equal to fresh in place, so that focus, scroll position and
// typed text stay. Children with ids are matched by id, others by their place.
// What carries data-keep belongs to this module and is left alone.
function morph(old, fresh) {
  if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName) {
    old.replaceWith(fresh);
    return;
  }
  if (old.nodeType !== Node.ELEMENT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  if (old.hasAttribute("data-keep") || old.isEqualNode(fresh)) return;
  const open = old.nodeName === "DETAILS" && old.open; // by whoever looks
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  if (open) old.open = true;
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  if (old.nodeName === "TEXTAREA") return;

  const wanted = [...fresh.childNodes];
  const ids = new Set(wanted.map((n) => n.id).filter(Boolean));
  for (const n of [...old.childNodes]) if (n.id && !ids.has(n.id)) n.remove();
  let place = old.firstChild;
  for (const next of wanted) {
    const known = next.id ? [...old.children].find((n) => n.id === next.id) : null;
    if (known) {
      if (known !== place) old.insertBefore(known, place);
      place = known.nextSibling;
      morph(known, next);
    } else if (place && !place.id && !next.id && place.nodeName === next.nodeName) {
      const at = place;
      place = place.nextSibling;
      morph(at, next);
    } else {
      old.insertBefore(next, place);
    }
  }
  while (place) {
    const rest = place.nextSibling;
    place.remove();
    place = rest;
  }
}

// put shows a part of the page that the server sent.
function put(html) {
  const fresh = new DOMParser().parseFromString(html, "text/html").body.firstElementChild;
  const old = fresh && byID(fresh.id);
  if (!old) return;
  const messages = byID("talk-body"), focused = document.activeElement;
  const atEnd = !messages || messages.scrollHeight - messages.scrollTop - messages.clientHeight < 80;
  morph(old, fresh);
  if (atEnd) scrollToEnd();
  // What had the focus may be gone: whoever has no mouse goes on from here.
  if (focused !== document.body && !focused.isConnected) byID(fresh.id).focus({ preventScroll: true });
  count();
  quote();
  tick();
  title();
}

function scrollToEnd() {
  const messages = byID("talk-body");
  if (messages) messages.scrollTop = messages.scrollHeight;
}

function title() {
  const waiting = Number(byID("queue")?.dataset.waiting ?? 0);
  document.title = (waiting ? `(${waiting}) ` : "") + document.title.replace(/^\(\d+\) /, "");
}

// --- Reading again -----------------------------------------------------------

// The address in the bar may be that of a form which was answered in place.
const here = new URL(body.dataset.here, location);
const from = new URLSearchParams(location.search).get("from");
if (from) here.searchParams.set("from", from);

function partURL(part, href = here) {
  const url = new URL(href, location);
  url.searchParams.set("part", part);
  return url;
}

// Two parts can be stale. One request at a time each, and hints that come
// meanwhile make one more.
const parts = { queue: { stale: false, busy: false }, conversation: { stale: false, busy: false } };

async function refresh(part) {
  if (document.hidden && part === "conversation") return; // read when it is looked at
  const p = parts[part];
  p.stale = true;
  if (p.busy) return;
  p.busy = true;
  for (let wait = 60; p.stale; wait = 250) { // one commit gives several hints, a busy desk many
    await new Promise((done) => setTimeout(done, wait));
    p.stale = false;
    try {
      const answer = await fetch(partURL(part), { headers: { Accept: "text/html" } });
      if (answer.status === 401) location.reload(); // the session is over
      if (answer.ok) put(await answer.text());
    } catch {
      break; // offline; the stream tells when it is back
    }
  }
  p.busy = false;
}

function refreshAll() {
  refresh("queue");
  if (talkID()) refresh("conversation");
}

// --- The stream of hints -----------------------------------------------------

function live(state) {
  const mark = byID("live");
  if (mark.dataset.state === state) return;
  mark.dataset.state = state;
  mark.textContent = state === "on" ? "Live" : "Connection lost, reconnecting…";
}

function connect() {
  follow("/inbox/events", {
    hello() {
      live("on");
      refreshAll(); // whatever happened before was missed
    },
    hint(data) {
      live("on");
      const { conversation } = JSON.parse(data);
      refresh("queue");
      if (talkID() && (!conversation || conversation === talkID())) refresh("conversation");
    },
    lost(closed) {
      live("lost");
      // Notices when the session is over, and goes on without a stream when there
      // is no place for one: follow asks again every few seconds.
      if (closed) refreshAll();
    },
  });
}
document.addEventListener("visibilitychange", () => { if (!document.hidden) refreshAll(); });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });

// --- Time --------------------------------------------------------------------

const minute = 60_000;

// The same words as countdown, length and age in words.go.
function length(ms) {
  const minutes = Math.floor(ms / minute), hours = Math.floor(minutes / 60), days = Math.floor(hours / 24);
  if (minutes < 1) return "under 1 min";
  if (hours < 1) return `${minutes} min`;
  if (days < 1) return minutes % 60 ? `${hours} h ${minutes % 60} min` : `${hours} h`;
  return hours % 24 ? `${days} d ${hours % 24} h` : `${days} d`;
}
function level(ms) {
  if (ms <= 0) return "late";
  if (ms <= 5 * minute) return "now";
  if (ms <= 30 * minute) return "soon";
  return ms <= 120 * minute ? "hour" : "calm";
}
function age(ms) {
  if (ms < minute) return "now";
  if (ms < 60 * minute) return `${Math.floor(ms / minute)} min`;
  if (ms < 24 * 60 * minute) return `${Math.floor(ms / minute / 60)} h`;
  return `${Math.floor(ms / minute / 60 / 24)} d`;
}
function tick() {
  for (const chip of document.querySelectorAll("[data-until]")) {
    const left = Number(chip.dataset.until) - now();
    const text = left <= 0 ? chip.dataset.past : length(left);
    // The window ran out while the page was open: the server says what is allowed now.
    if (left <= 0 && chip.textContent !== text) {
      if (chip.closest("#window, #staffed")) refresh("conversation");
      if (chip.closest("#rows")) refresh("queue"); // it moves behind those that can be answered
    }
    if (chip.textContent !== text) chip.textContent = text;
    const classes = "chip " + level(left);
    if (chip.className !== classes) chip.className = classes;
  }
  for (const line of document.querySelectorAll("[data-ends]")) line.hidden = Number(line.dataset.ends) <= now();
  for (const mark of document.querySelectorAll("[data-since]")) {
    const text = age(now() - Number(mark.dataset.since));
    if (mark.textContent !== text) mark.textContent = text;
  }
}

// The server writes times in the agent's own zone once it knows it.
function tellZone() {
  const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone ?? "");
  const cookie = "frontdesk_zone=" + zone;
  if (!zone || document.cookie.split("; ").includes(cookie)) return;
  document.cookie = cookie + "; path=/inbox; max-age=31536000; samesite=strict";
}

// --- Notices -----------------------------------------------------------------

function notice(text) {
  const box = byID("notices");
  box.replaceChildren();
  if (!text) return;
  const line = document.createElement("p");
  line.className = "notice";
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.type = "button";
  close.className = "button";
  close.textContent = "OK";
  close.addEventListener("click", () => notice(""));
  line.append(words, close);
  box.append(line);
}

// --- The composer ------------------------------------------------------------

const draftKey = () => "frontdesk-draft-" + talkID();
const store = { // private windows may refuse
  get(key) { try { return localStorage.getItem(key) ?? ""; } catch { return ""; } },
  set(key, value) { try { value ? localStorage.setItem(key, value) : localStorage.removeItem(key); } catch { /* not kept */ } },
};

function newNonce() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  byID("reply-nonce").value = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

function count() {
  const area = byID("reply-text"), counter = byID("counter");
  if (!area || !counter) return;
  const limit = Number(area.dataset.limit);
  if (!limit) return;
  const bytes = area.dataset.unit === "bytes";
  const length = bytes ? new TextEncoder().encode(area.value).length : area.value.length;
  counter.classList.toggle("over", length > limit);
  const text = `${length.toLocaleString("en")} of ${limit.toLocaleString("en")} ${bytes ? "bytes" : "characters"}`;
  counter.textContent = length > limit ? `${text}: will be sent as several messages` : text;
}

// quote asks the server what the text costs as it is now. An answer that was
// overtaken by another question is not shown.
let quoting = 0;
async function quote() {
  const at = ++quoting, id = talkID();
  await new Promise((done) => setTimeout(done, 300));
  if (at !== quoting || document.hidden || !byID("quote")) return;
  const body = new URLSearchParams({ text: byID("reply-text").value });
  try {
    const answer = await fetch(`/inbox/c/${encodeURIComponent(id)}/quote`, { method: "POST", body });
    if (!answer.ok || at !== quoting || id !== talkID()) return;
    const says = await answer.json(), [now, later] = byID("quote").children;
    if (now.textContent !== says.now) now.textContent = says.now;
    if (later.textContent !== says.later) later.textContent = says.later;
  } catch { /* offline: what is shown was true a moment ago */ }
}

// borrow says with which draft's words the text began; empty: with none.
function borrow(draft) {
  byID("reply-draft").value = draft;
  byID("from-draft").hidden = !draft;
}

// takeAlong shows the text in another conversation of the same customer, if it can
// be kept on the way.
function takeAlong(button) {
  const area = byID("reply-text"), key = "frontdesk-draft-" + button.dataset.elsewhere;
  const kept = [store.get(key), area.value].filter(Boolean).join("\n\n");
  store.set(key, kept);
  if (store.get(key) !== kept) return false;
  store.set(draftKey(), "");
  location.href = button.formAction.replace("/compose?", "?");
  return true;
}

// submit sends a form of the conversation in place. The text leaves the field
// only when the server has it; until then the same nonce makes trying again harmless.
async function submit(form, button) {
  if (form.dataset.busy) return;
  const way = button?.hasAttribute("formaction") ? button : null; // another act than the form's own
  const area = byID("reply-text"), isReply = form.id === "composer" && !way, id = talkID();
  if ((isReply || way?.id === "reply-resolve") && !area.value.trim()) return area.focus();
  const text = area?.value;
  form.dataset.busy = "yes";
  notice("");
  try {
    const answer = await fetch(partURL("conversation", (way ?? form).getAttribute(way ? "formaction" : "action")), {
      method: "POST", body: new URLSearchParams(new FormData(form, way ? null : button)), headers: { Accept: "text/html" },
    });
    const html = await answer.text();
    if (answer.status === 401) return location.reload(); // the draft is kept
    if (id !== talkID()) return;
    const said = new DOMParser().parseFromString(html, "text/html").getElementById("notice");
    if (answer.ok && (isReply || way?.hasAttribute("data-takes-text"))) {
      if (area.value === text) area.value = "";
      store.set(draftKey(), area.value);
      borrow("");
      count();
    }
    if (answer.ok && form.id === "composer") newNonce();
    if (answer.ok) closePanel(form);
    notice(answer.ok ? "" : said?.textContent ?? "This did not work. Try again in a moment.");
    put(html);
    byID("notice")?.remove(); // it is shown above, where the next hint does not take it away
    if (isReply) {
      scrollToEnd();
      area.focus();
    }
    refresh("queue");
  } catch {
    notice("Not sent: the connection is lost. What you wrote is kept; try again when it is back.");
  } finally {
    delete form.dataset.busy;
  }
}

// closePanel closes what a form was opened in, and forgets what was typed there.
function closePanel(form) {
  const panel = form.closest("details.panel");
  if (!panel) return;
  form.reset();
  panel.open = false;
  byID("conversation").focus({ preventScroll: true });
}

// openPanel opens one panel, and closes the others.
function openPanel(id) {
  const panel = byID(id);
  if (!panel) return;
  panel.open = true;
  (panel.querySelector("[aria-current]") ?? panel.querySelector("input, select, button"))?.focus();
}

document.addEventListener("toggle", (event) => {
  if (!event.target.matches("details.panel[open]")) return;
  for (const other of document.querySelectorAll("details.panel[open]")) if (other !== event.target) other.open = false;
}, true);

document.addEventListener("submit", (event) => {
  if (!event.target.closest("#conversation") || event.target.hasAttribute("data-leads")) return; // another page
  if (event.submitter?.dataset.elsewhere && !takeAlong(event.submitter)) return; // the server takes it along
  event.preventDefault();
  if (!event.submitter?.dataset.elsewhere) submit(event.target, event.submitter);
});
document.addEventListener("click", (event) => {
  if (event.target.closest("#text-drop")) store.set(draftKey(), "");
});

// The second click of a double one would hit the button that has come in place
// of the first.
document.addEventListener("click", (event) => {
  if (event.detail > 1 && event.target.closest(".acts")) event.preventDefault();
});

document.addEventListener("input", (event) => {
  if (event.target.id !== "reply-text") return;
  store.set(draftKey(), event.target.value);
  count();
  quote();
});

// --- Keys --------------------------------------------------------------------

function move(step) {
  const rows = [...document.querySelectorAll(".row")];
  if (!rows.length) return;
  const at = rows.findIndex((row) => row.hasAttribute("aria-current"));
  const row = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
  if (!row.hasAttribute("aria-current")) row.click();
}

function takeNext() {
  const button = byID("take-next");
  if (button?.disabled) return notice("Nobody waits whom you can answer.");
  button?.click();
}

const keys = {
  j: () => move(1),
  k: () => move(-1),
  n: takeNext,
  c: () => byID("claim")?.click(),
  r: () => byID("reply-text")?.focus(),
  e: () => byID("resolve")?.click(),
  E: () => byID("resolve-next")?.click(),
  a: () => openPanel("pass"),
  s: () => openPanel("snooze"),
  p: () => openPanel("priority"),
  l: () => openPanel("label"),
  b: () => byID("hand-back")?.click(),
  "?": () => byID("help").showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  const typing = event.target.closest("input, textarea, select");
  if (typing) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && typing.id === "reply-text" && !typing.readOnly) {
      event.preventDefault();
      byID("composer").requestSubmit(event.shiftKey ? byID("reply-resolve") : null);
    }
    if (event.key === "Escape") {
      typing.blur();
      typing.closest("details.panel")?.removeAttribute("open");
    }
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || byID("help").open) return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
});

// --- Begin -------------------------------------------------------------------

tellZone();
// Whoever opened a conversation goes on in it, not at the top of the list.
if (talkID()) byID("conversation").focus({ preventScroll: true });
const area = byID("reply-text");
if (area) {
  const kept = store.get(draftKey());
  if (!area.value || kept.includes(area.value)) area.value = kept || area.value;
  else if (kept) area.value = kept + "\n\n" + area.value; // what was typed here, and a draft's words
  store.set(draftKey(), area.value);
}
byID("help-open").hidden = false;
byID("help-open").addEventListener("click", () => byID("help").showModal());
document.querySelector(".row[aria-current]")?.scrollIntoView({ block: "nearest" });
// It may have come with the page; what is read anew does not know of it.
if (byID("notice")) {
  notice(byID("notice").textContent);
  byID("notice").remove();
}
count();
quote();
if (!location.hash) scrollToEnd(); // else the link to earlier messages says where to go on reading
tick();
setInterval(tick, 5000);
// What no hint tells: a window that closes behind an overdue promise, a channel
// that pauses.
setInterval(() => refresh("queue"), minute);
connect();
