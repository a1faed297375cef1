// The strip under the buttons: something has happened, or a question before something does. No windows pop up.
import { element } from "./layout.js";

export class Notice {
  constructor(place) {
    this.place = place;
  }

  tell(text, tone = "plain") {
    this.#show(tone, text);
    this.#buttons([["知道了", () => this.clear(), "btn"]]);
  }

  // Something has begun that another page tells more about; this one stays, with what is not deployed yet.
  lead(text, label, address) {
    this.#show("done", text);
    this.place.append(element("a", "btn btn-sm btn-primary", { textContent: label, href: address, target: "_blank" }));
    this.#buttons([["知道了", () => this.clear(), "btn"]]);
  }

  // Resolves with whether the person agreed.
  ask(text, { yes, no = "先不" }) {
    this.#show("question", text);
    return new Promise((resolve) => {
      const end = (answer) => () => {
        this.clear();
        resolve(answer);
      };
      this.#buttons([
        [yes, end(true), "btn btn-primary"],
        [no, end(false), "btn"],
      ]);
    });
  }

  clear() {
    this.place.hidden = true;
    this.place.replaceChildren();
  }

  #show(tone, text) {
    this.place.dataset.tone = tone;
    this.place.replaceChildren(element("span", "designer-notice-text", { textContent: text }));
    this.place.hidden = false;
  }

  #buttons(list) {
    for (const [label, action, className] of list) {
      const button = element("button", `${className} btn-sm`, { type: "button", textContent: label });
      button.addEventListener("click", action);
      this.place.append(button);
    }
  }
}
