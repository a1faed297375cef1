// Drafts save themselves: <form data-draft-url="…"> posts its fields two seconds after the last change, and once
// more when the page is left. An element [data-draft-state] in the form says so in words.

const PAUSE = 2000;

function clock() {
  return new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit" });
}

// Whether somebody has filled in the field already: on a slow line that is quicker than this script.
function touched(field) {
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field instanceof HTMLSelectElement) {
    const drawn = [...field.options].findIndex((option) => option.defaultSelected);
    return field.type === "select-one" && field.selectedIndex !== Math.max(drawn, field.options.length ? 0 : -1);
  }
  const typed = field instanceof HTMLTextAreaElement || field instanceof HTMLInputElement;
  return typed && field.type !== "file" && field.type !== "hidden" && field.value !== field.defaultValue;
}

class Draft {
  constructor(form) {
    this.form = form;
    this.url = form.dataset.draftUrl;
    // The forms' own autosave would send everything a second time.
    form.removeAttribute("data-autosave");
    this.state = form.querySelector("[data-draft-state]") ?? document.querySelector("[data-draft-state]");
    form.addEventListener("input", () => this.changed());
    form.addEventListener("submit", () => this.settle());
    addEventListener("visibilitychange", () => document.visibilityState === "hidden" && this.flush());
    if ([...form.elements].some(touched)) this.changed();
  }

  changed() {
    this.dirty = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), PAUSE);
  }

  settle() {
    clearTimeout(this.timer);
    this.dirty = false;
  }

  // Files are sent with the form itself, not with every draft.
  fields() {
    const fields = new FormData(this.form);
    for (const [name, value] of [...fields]) if (value instanceof File) fields.delete(name);
    return fields;
  }

  async save() {
    this.settle();
    try {
      const answer = await fetch(this.url, { method: "POST", body: this.fields(), headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error(String(answer.status));
      this.tell(`草稿已自动保存 ${clock()}`);
    } catch {
      this.dirty = true;
      this.tell("草稿没有保存上，内容还在页面上；继续填写时会再试。", "problem");
    }
  }

  flush() {
    if (!this.dirty) return;
    this.settle();
    navigator.sendBeacon(this.url, this.fields());
  }

  tell(text, tone = "plain") {
    if (!this.state) return;
    this.state.textContent = text;
    this.state.dataset.tone = tone;
  }
}

document.querySelectorAll("form[data-draft-url]").forEach((form) => new Draft(form));
