// News while the page is open: numbers in the navigation, a bar over lists that have grown, and marks on rows that
// somebody else has taken on or closed. The server tells (server-sent events); a page in the background does not
// listen, so that many tabs take no connections away.

const address = document.body?.dataset.news;
const atFirst = {};
let source = null;
let refused = 0;

function listen() {
  if (source || !window.EventSource || document.visibilityState !== "visible") return;
  source = new EventSource(address + shown());
  source.addEventListener("news", (event) => {
    refused = 0;
    show(JSON.parse(event.data));
  });
  source.addEventListener("over", rest);
  source.addEventListener("error", () => {
    if (source?.readyState === EventSource.CLOSED) askLater();
  });
}

// A browser comes back by itself after a lost connection, but not after an answer that refuses: all servers may be
// away for a moment behind their balancer. A few times, each later than the one before.
function askLater() {
  rest();
  refused += 1;
  if (refused < 6) setTimeout(listen, (1 + Math.random()) * 15000 * refused);
}

function rest() {
  source?.close();
  source = null;
}

// Which items stand on the page: the server says which of them are gone from the list.
function shown() {
  const tab = document.querySelector("[data-items]")?.dataset.items;
  const ids = [...document.querySelectorAll("[data-item]")].map((row) => row.dataset.item);
  return tab && ids.length ? `?tab=${tab}&shown=${ids.join(",")}` : "";
}

function show({ gone = [], ...counts }) {
  markGone(new Set(gone));
  for (const [name, number] of Object.entries(counts)) {
    for (const place of document.querySelectorAll(`[data-live="${name}"]`)) {
      const most = Number(place.dataset.liveMost ?? Infinity);
      place.textContent = number < most ? number : `${most - 1}+`;
      place.hidden = !number && "liveHides" in place.dataset;
    }
    tellOf(name, number + gone.length);
  }
  const bell = document.querySelector("[data-live-bell]");
  if (bell) bell.setAttribute("aria-label", counts.unread ? bell.dataset.liveBell.replace("0", counts.unread) : bell.dataset.liveQuiet);
}

// A row whose task somebody else has taken on or closed stays where it is, says so, and can no longer be chosen. On the
// task's own page a bar says so, and what was typed stays.
function markGone(gone) {
  const mark = document.querySelector("template[data-gone]");
  for (const row of document.querySelectorAll("[data-item]")) {
    const is = gone.has(row.dataset.item);
    if ("goneBar" in row.dataset) {
      row.hidden = !is;
      continue;
    }
    if (is === row.classList.contains("is-gone")) continue;
    row.classList.toggle("is-gone", is);
    for (const control of row.querySelectorAll("input, button")) {
      control.disabled = is;
      if (is) control.checked = false;
    }
    if (is) row.querySelector("a").after(mark.content.cloneNode(true));
    else row.querySelector("[data-gone-says]")?.remove();
  }
}

// The list stays as it is under the reader's eyes; the bar says how many are new, and its link loads them.
function tellOf(name, number) {
  const bar = document.querySelector(`[data-live-more="${name}"]`);
  if (!bar) return;
  atFirst[name] ??= Number(bar.dataset.liveFirst);
  const more = number - atFirst[name];
  bar.hidden = more <= 0;
  const says = bar.querySelector("[data-live-says]");
  if (more > 0 && says) says.textContent = says.dataset.liveSays.replace("0", more);
}

if (address) {
  listen();
  document.addEventListener("visibilitychange", () => (document.visibilityState === "visible" ? listen() : rest()));
  addEventListener("pagehide", rest);
  addEventListener("pageshow", listen);
  document.addEventListener("htmx:after:swap", () => {
    rest();
    listen();
  });
}
