// A form goes out once: the second press of a button does nothing until the page comes back. The server refuses
// a second submission anyway; this spares people the sentence.

const SENT = "sent";

function release(form) {
  delete form.dataset[SENT];
  form.removeAttribute("aria-busy");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset[SENT]) {
    event.preventDefault();
    return;
  }
  form.dataset[SENT] = "yes";
  form.setAttribute("aria-busy", "true");
});

// Back from the browser's cache, or a response that was a file: the form may be used again.
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach(release));
document.addEventListener("htmx:after:request", (event) => {
  const form = event.target.closest?.("form[data-sent]");
  if (form) release(form);
});
