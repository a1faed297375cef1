// Where the keyboard goes is not hidden under the bar at the bottom, which stays in sight.
const ROOM = 16;

function uncover(one) {
  const bar = document.querySelector(".action-bar, .choosing-bar");
  if (!bar || bar.contains(one) || !one.matches(":focus-visible")) return;
  const here = one.getBoundingClientRect();
  const there = bar.getBoundingClientRect();
  if (!there.height || here.bottom <= there.top || here.top >= there.bottom) return;
  const by = Math.min(here.bottom - there.top + ROOM, here.top - ROOM);
  window.scrollBy({ top: Math.max(0, by), behavior: "instant" });
}

// The browser itself scrolls to what is out of sight after it has said so.
document.addEventListener("focusin", (event) => requestAnimationFrame(() => uncover(event.target)));
