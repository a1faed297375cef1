// A signature drawn by hand: [data-signature-pad] holds a canvas, a form with the field "drawn", and a button to
// begin anew. Without a script the part stays hidden; a picture can be uploaded instead.

class Pad {
  constructor(part) {
    this.canvas = part.querySelector("canvas");
    this.field = part.querySelector("[name=drawn]");
    this.keep = part.querySelector("[data-signature-keep]");
    this.pen = this.canvas.getContext("2d");
    part.querySelector("[data-signature-clear]").addEventListener("click", () => this.clear());
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.draw(event));
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, () => this.end());
    part.hidden = false;
  }

  place(event) {
    const box = this.canvas.getBoundingClientRect();
    const scale = this.canvas.width / box.width;
    return [(event.clientX - box.left) * scale, (event.clientY - box.top) * scale];
  }

  begin(event) {
    event.preventDefault();
    this.canvas.setPointerCapture(event.pointerId);
    this.drawing = true;
    Object.assign(this.pen, { lineWidth: 7, lineCap: "round", lineJoin: "round", strokeStyle: "#111" });
    this.pen.beginPath();
    this.pen.moveTo(...this.place(event));
  }

  draw(event) {
    if (!this.drawing) return;
    this.pen.lineTo(...this.place(event));
    this.pen.stroke();
  }

  end() {
    if (!this.drawing) return;
    this.drawing = false;
    this.field.value = this.canvas.toDataURL("image/png");
    this.keep.disabled = false;
  }

  clear() {
    this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
    this.field.value = "";
    this.keep.disabled = true;
  }
}

document.querySelectorAll("[data-signature-pad]").forEach((part) => new Pad(part));
