// Opinion phrases: a button [data-phrase="同意。" data-phrase-for="opinion"] puts its sentence into that field, on a
// line of its own; with [data-phrase-inline] it goes on where the text ends.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-phrase]");
  if (!button) return;
  const field = document.getElementById(button.dataset.phraseFor);
  if (!field) return;
  event.preventDefault();
  const inline = "phraseInline" in button.dataset;
  const before = field.value.trimEnd();
  field.value = before ? `${before}${inline ? " " : "\n"}${button.dataset.phrase}` : button.dataset.phrase;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
