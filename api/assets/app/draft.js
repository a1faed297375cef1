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
      const answer = await this.send();
      if (answer.ok) this.tell(`草稿已自动保存 ${clock()}`);
      else await this.refused(answer);
    } catch {
      this.dirty = true;
      this.tell("草稿没有保存上，内容还在页面上；继续填写时会再试。", "problem");
    }
  }

  // Kept alive, so that it arrives although the page is left; whoever comes back goes on from what was kept.
  flush() {
    if (!this.dirty) return;
    this.settle();
    this.send({ keepalive: true }).catch(() => (this.dirty = true));
  }

  async send({ keepalive = false } = {}) {
    const answer = await fetch(this.url, {
      method: "POST", body: this.fields(), headers: { Accept: "application/json" }, keepalive,
    });
    const seen = this.form.querySelector("[name=draft_seen]");
    if (answer.status === 200 && seen) seen.value = (await answer.json()).draft_seen;
    return answer;
  }

  // The server says why: somebody has done the task, the log-in is over, another tab has a newer draft.
  async refused(answer) {
    if (answer.status >= 500) throw new Error(String(answer.status));
    this.dirty = true;
    const { title } = await answer.json();
    this.tell(title.includes("页面上") ? title : `${title}内容还在页面上。`, "problem");
  }

  tell(text, tone = "plain") {
    if (!this.state) return;
    this.state.textContent = text;
    this.state.dataset.tone = tone;
  }
}

document.querySelectorAll("form[data-draft-url]").forEach((form) => new Draft(form));
