// Forms in the browser. Everything here is comfort: without it the same buttons post the form, and the server
// answers with the row added, removed, or the fields that now apply.
import "../../forms/templates/forms.css";

const AUTOSAVE_PAUSE = 3000;

// --- rows of dynamic lists ---------------------------------------------------------------------------------

const rowsOf = (list) => [...list.querySelector("[data-rows]").children];

function freeNumber(list) {
  const prefix = `${list.dataset.list}.`;
  const used = rowsOf(list).map((row) => Number(row.dataset.row.slice(prefix.length)));
  return used.reduce((highest, number) => Math.max(highest, number + 1), 0);
}

function renumber(list) {
  rowsOf(list).forEach((row, index) => {
    const number = row.querySelector("[data-row-number]");
    if (number) number.textContent = number.dataset.rowNumber.replace("{number}", index + 1);
  });
  const none = list.querySelector(":scope > [data-no-rows]");
  if (none) none.hidden = rowsOf(list).length > 0;
}

function addRow(list) {
  const template = list.querySelector(":scope > template[data-row-template]");
  if (!template) return false;
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll(`__row${list.dataset.level}__`, freeNumber(list));
  const row = holder.content.firstElementChild;
  list.querySelector("[data-rows]").append(row);
  row.classList.add("bh-added");
  renumber(list);
  changed(list);
  row.querySelector("input:not([type=hidden]), select, textarea")?.focus();
  return true;
}

function removeRow(row) {
  const list = row.closest("[data-list]");
  const next = row.nextElementSibling ?? row.previousElementSibling;
  row.remove();
  renumber(list);
  changed(list);
  (next?.querySelector("[data-row-remove]") ?? list.querySelector(":scope > [data-row-add]"))?.focus();
}

function changed(element) {
  element.dispatchEvent(new Event("input", { bubbles: true }));
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("[data-row-add], [data-row-remove]");
  if (!button) return;
  const remove = button.matches("[data-row-remove]");
  const done = remove ? (removeRow(button.closest("[data-row]")), true) : addRow(button.closest("[data-list]"));
  if (done) event.preventDefault();
});

// --- fields that come and go -------------------------------------------------------------------------------

const asked = new WeakMap();
const typed = new WeakMap();
const actionOf = (form) => form.getAttribute("action") || location.href;

document.addEventListener("input", (event) => {
  const form = event.target.form ?? event.target.closest?.("form");
  if (form) typed.set(form, (typed.get(form) ?? 0) + 1);
});

async function refresh(form) {
  const before = typed.get(form);
  const fields = new FormData(form);
  for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
  fields.set("_refresh", "1");
  asked.get(form)?.abort();
  const question = new AbortController();
  asked.set(form, question);
  try {
    const answer = await fetch(actionOf(form), { method: "POST", body: fields, signal: question.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    // Somebody went on typing: this answer would take that away, so ask again.
    if (typed.get(form) !== before) await refresh(form);
    else if (answer.ok) show(form, page);
  } catch {
    // Offline or asked again meanwhile: the form stays as it is, and the server decides when it is sent.
  }
}

function show(form, page) {
  const old = form.querySelector("[data-bihuan-form]");
  const fresh = page.querySelector(`[data-bihuan-form="${CSS.escape(old.dataset.bihuanForm)}"]`);
  if (!fresh) return;
  const focused = document.activeElement?.id;
  for (const input of old.querySelectorAll("input[type=file]")) {
    if (input.files.length) fresh.querySelector(`#${CSS.escape(input.id)}`)?.replaceWith(input);
  }
  old.replaceWith(document.adoptNode(fresh));
  prepare(form);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
}

document.addEventListener("change", (event) => {
  if (event.target.matches?.("[data-affects]") && event.target.form) refresh(event.target.form);
});

// --- numbers: arrow keys step where the form gives a step --------------------------------------------------

document.addEventListener("keydown", (event) => {
  const input = event.target;
  const direction = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (!direction || !input.matches?.("input[data-step]")) return;
  const places = (text) => (text.split(".")[1] ?? "").length;
  const number = Number(input.value || 0);
  if (!Number.isFinite(number)) return;
  event.preventDefault();
  const digits = Math.max(places(input.value), places(input.dataset.step));
  input.value = (number + direction * Number(input.dataset.step)).toFixed(digits);
  changed(input);
});

// --- drafts: <form data-autosave="url"> --------------------------------------------------------------------

const unsaved = new Map();

function clock() {
  return new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
}

function say(form, text) {
  const place = form.querySelector("[data-autosave-state]") ?? document.querySelector("[data-autosave-state]");
  if (place) place.textContent = text;
}

async function save(form) {
  const fields = new FormData(form);
  for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
  unsaved.delete(form);
  try {
    const answer = await fetch(form.dataset.autosave, { method: "POST", body: fields });
    if (!answer.ok) throw new Error(String(answer.status));
    say(form, `已自动保存 ${clock()}`);
  } catch {
    if (!unsaved.has(form)) unsaved.set(form, 0);
    say(form, "没有保存上，内容还在页面上，继续填写时会再试。");
  }
}

document.addEventListener("input", (event) => {
  const form = event.target.closest?.("form[data-autosave], form[data-warn-unsaved]");
  if (!form) return;
  clearTimeout(unsaved.get(form));
  unsaved.set(form, form.dataset.autosave ? setTimeout(() => save(form), AUTOSAVE_PAUSE) : 0);
});

document.addEventListener("submit", (event) => {
  clearTimeout(unsaved.get(event.target));
  unsaved.delete(event.target);
});

addEventListener("beforeunload", (event) => {
  if (unsaved.size) event.preventDefault();
});

// --- at the start ------------------------------------------------------------------------------------------

function prepare(form) {
  for (const hint of form.querySelectorAll("[data-refresh-hint]")) hint.hidden = true;
}

document.querySelectorAll("[data-bihuan-form]").forEach((fields) => fields.closest("form") && prepare(fields.closest("form")));
document.getElementById("form-errors")?.focus();
