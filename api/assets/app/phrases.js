// Opinion phrases: a button [data-phrase="同意。" data-phrase-for="opinion"] puts its sentence into that field.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-phrase]");
  if (!button) return;
  const field = document.getElementById(button.dataset.phraseFor);
  if (!field) return;
  const before = field.value.trimEnd();
  field.value = before ? `${before}\n${button.dataset.phrase}` : button.dataset.phrase;
  field.dispatchEvent(new Event("input", { bubbles: true }));
  field.focus();
});
