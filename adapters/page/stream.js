// One stream of hints for all pages of a browser that show the same thing.
//
// Over HTTP/1.1 a browser opens six connections to a host, and a stream holds
// one as long as it is open: with a stream for each page the seventh would not
// load. So the page that was looked at last has the stream and tells the others.
// Where pages cannot agree on that (locks need HTTPS or localhost) only pages
// that are seen have one, and the rest look again now and then.

const silence = 90_000; // after this a page that is seen no longer relies on another

// follow calls page.hello when a stream begins (everything before it was
// missed), page.hint(data) for each hint, and page.lost(closed) when it broke;
// closed: the server answered with something that is no stream.
export function follow(url, page) {
  const name = "frontdesk" + url;
  const shared = Boolean(navigator.locks && globalThis.BroadcastChannel);
  const others = shared ? new BroadcastChannel(name) : null;
  let mine = false, over = false, source = null, retry = 0, heard = Date.now();

  function say(what, data) {
    others?.postMessage({ what, data });
    page[what](data);
  }

  function open() {
    clearTimeout(retry);
    source?.close();
    const stream = source = new EventSource(url);
    stream.addEventListener("hello", () => say("hello"));
    stream.addEventListener("hint", (event) => say("hint", event.data));
    stream.addEventListener("error", () => {
      // The browser tries again by itself, but not after an answer that is no stream.
      const closed = stream.readyState === EventSource.CLOSED;
      if (closed) retry = setTimeout(open, 3000);
      say("lost", closed);
    });
  }
  function close() {
    clearTimeout(retry);
    source?.close();
    source = null;
  }

  // have opens the stream, and lasts until another page takes it.
  const have = () => new Promise(() => {
    mine = true;
    if (!over) open();
  });
  const lock = (options) => navigator.locks.request(name, options, have).catch(() => {
    mine = false;
    close();
  });
  async function wait() { // in line, for when the page that has it goes away
    while (!over) {
      await lock({});
      await new Promise((done) => setTimeout(done, 1000));
    }
  }
  const take = () => { if (!mine && !over) lock({ steal: true }); };

  function look() {
    if (shared) {
      if (!document.hidden) take();
    } else if (document.hidden) {
      close();
    } else if (!source) {
      open();
    }
  }
  others?.addEventListener("message", ({ data: { what, data } }) => {
    heard = Date.now();
    if (what !== "alive") page[what](data);
  });
  setInterval(() => {
    if (mine) others.postMessage({ what: "alive" });
    else if (shared && !document.hidden && Date.now() - heard > silence) take();
  }, 20_000);
  setInterval(() => { if (!shared && document.hidden) page.hello(); }, 60_000);
  document.addEventListener("visibilitychange", look);
  addEventListener("pagehide", () => { over = true; close(); });
  look();
  if (shared) wait();
}
