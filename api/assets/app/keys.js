// The keyboard in lists and on tasks. j and k walk over elements [data-row], where there are any, and are keys like
// others elsewhere; Enter opens the row's first link.
// Any other key presses the control that names it: [data-key="a"] in the current row, else on the page.
// "?" shows [data-keys-help].

function typing(target) {
  return target.closest("input, textarea, select, [contenteditable], .djs-container, .bio-properties-panel");
}

// Rows inside [data-rows] are those of a form's dynamic list; they are typed into, not walked over.
const ROW = "[data-row]:not([data-rows] [data-row])";

function rows() {
  return [...document.querySelectorAll(ROW)].filter((row) => row.offsetParent);
}

function current() {
  return document.querySelector(`${ROW}.is-current`) ?? document.activeElement?.closest(ROW);
}

function walk(step) {
  const list = rows();
  if (!list.length) return;
  const at = list.indexOf(current());
  const next = list[Math.min(Math.max(at + step, 0), list.length - 1)];
  list.forEach((row) => row.classList.toggle("is-current", row === next));
  (next.querySelector("a[href]") ?? next).focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
}

function help() {
  const panel = document.querySelector("[data-keys-help]");
  if (!panel) return;
  if (panel.tagName === "DIALOG") panel.open ? panel.close() : panel.showModal();
  else panel.hidden = !panel.hidden;
}

function press(key) {
  const selector = `[data-key="${CSS.escape(key)}"]`;
  const control = current()?.querySelector(selector) ?? document.querySelector(selector);
  // A click that no hand made leaves a field without the cursor.
  if (control?.matches("input:not([type=checkbox]), textarea, select")) control.focus();
  else control?.click();
  return Boolean(control);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
  const step = { j: 1, k: -1 }[event.key];
  if (step && rows().length) walk(step);
  else if (event.key === "?") help();
  else if (event.key.length !== 1 || !press(event.key)) return;
  event.preventDefault();
});
