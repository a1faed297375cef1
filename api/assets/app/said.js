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

// What the server refuses with a whole page is not put into a part of this one: what was typed stays where it is. A form
// goes once more as a page of its own when the log-in is over, and the log-in carries it on.
document.addEventListener("htmx:response:error", (event) => {
  const { status } = event.detail.ctx.response;
  if (status === 401 && event.target instanceof HTMLFormElement) event.target.submit();
  else if (status === 401) say("登录已经过期，您填的内容都还在页面上。请重新登录再试。", { tone: "problem", seconds: 12 });
  else if (status === 404 || status >= 500) say("没有办成，您填的内容都还在页面上。请稍后再试一次。", { tone: "problem", seconds: 12 });
});
