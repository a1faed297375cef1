// One line of message at the bottom, read out by screen readers; and the sentence for a lost connection.

let line;

export function say(text, { tone = "plain", seconds = 6 } = {}) {
  if (!line) {
    line = document.createElement("div");
    line.className = "toast-line";
    line.setAttribute("role", "status");
    document.body.append(line);
  }
  line.dataset.tone = tone;
  line.textContent = text;
  line.hidden = false;
  clearTimeout(line.timer);
  line.timer = setTimeout(() => (line.hidden = true), seconds * 1000);
}

document.addEventListener("htmx:error", () =>
  say("没有连上服务器，您填的内容都还在页面上。请稍后再试一次。", { tone: "problem", seconds: 12 }),
);
