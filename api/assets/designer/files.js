// Files on the person's own computer, and the copy the browser keeps so that nothing is lost.
import { element } from "./layout.js";

export function saveToDisk(name, xml) {
  const address = URL.createObjectURL(new Blob([xml], { type: "application/xml" }));
  const link = element("a", "", { href: address, download: name });
  link.click();
  URL.revokeObjectURL(address);
}

export function pickFile() {
  return new Promise((resolve) => {
    const input = element("input", "", { type: "file", accept: ".bpmn,.xml", hidden: true });
    input.addEventListener("change", async () => {
      const [file] = input.files;
      input.remove();
      resolve(file && { name: file.name, xml: await file.text() });
    });
    document.body.append(input);
    input.click();
  });
}

// One unsaved copy per diagram. A full or forbidden storage must never disturb the work.
export class KeptCopy {
  constructor(url) {
    this.key = `bihuan-designer:${url}`;
  }

  keep(xml) {
    try {
      localStorage.setItem(this.key, JSON.stringify({ xml, at: Date.now() }));
    } catch {
      // no copy then
    }
  }

  found() {
    try {
      return JSON.parse(localStorage.getItem(this.key));
    } catch {
      return null;
    }
  }

  drop() {
    try {
      localStorage.removeItem(this.key);
    } catch {
      // nothing was kept
    }
  }
}
