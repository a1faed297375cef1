// The designer as a whole: a modeler, its buttons, and the conversation with the server.
import { deploy, lint, NoAnswer, readDiagram, replay } from "./server.js";
import { KeptCopy, pickFile, saveToDisk } from "./files.js";
import { layout } from "./layout.js";
import { makeModeler } from "./modeler.js";
import { Notice } from "./notice.js";
import { Problems } from "./problems.js";
import { toolbar } from "./toolbar.js";
import { fit } from "../viewer/tools.js";

const PAUSE = 1200;
const PALETTE = 90;

export class Designer {
  constructor(host) {
    const { name, xmlUrl, lintUrl, replayUrl, deployUrl, heading, key, version } = host.dataset;
    // Which version is changed here: whoever deploys over another's is told.
    this.basedOn = key ? { [key]: Number(version) } : {};
    // The server knows files by folder and name; a deployment and a download have only the name.
    Object.assign(this, { host, name: name.split("/").at(-1), xmlUrl, lintUrl, replayUrl, deployUrl });
    const places = layout(host);
    this.modeler = makeModeler(places);
    this.tools = toolbar(places.toolbar, this, heading);
    this.notice = new Notice(places.notice);
    this.problems = new Problems(places.problems, this.modeler);
    this.copy = new KeptCopy(xmlUrl);
    this.#listen();
  }

  async start() {
    try {
      await this.show(await readDiagram(this.xmlUrl));
      await this.#offerCopy();
    } catch (reason) {
      this.#fail(reason);
    }
  }

  async show(xml) {
    try {
      const { warnings } = await this.modeler.importXML(xml);
      if (warnings.length) this.notice.tell(`图已打开，有 ${warnings.length} 处看不懂的内容会照原样保留或略去。`, "problem");
    } catch (reason) {
      throw new NoAnswer(`这个文件不是能打开的 BPMN 图：${reason.message}`);
    }
    this.fit();
    this.host.dataset.shown = "yes";
    this.#state();
    await this.check();
  }

  async files() {
    const { xml } = await this.modeler.saveXML({ format: true });
    return { [this.name]: xml };
  }

  async check() {
    clearTimeout(this.timer);
    const round = (this.round = (this.round ?? 0) + 1);
    try {
      const findings = await lint(this.lintUrl, await this.files());
      // An answer that an edit has overtaken would mark the wrong elements.
      if (round === this.round) this.problems.show(findings);
    } catch (reason) {
      if (round === this.round) this.problems.waiting(this.#sentence(reason));
    }
  }

  async deploy() {
    const agreed = await this.notice.ask("部署后，新发起的流程用新版本；进行中的仍按原来的版本走完。", { yes: "确认部署" });
    if (!agreed) return;
    try {
      this.tools.enable("deploy", false);
      const { definition, version, findings } = await deploy(this.deployUrl, await this.files(), this.basedOn);
      if (findings) {
        this.problems.show(findings);
        this.notice.tell("没有部署：请先解决下面的问题。您的改动都还在。", "problem");
        return;
      }
      this.basedOn = { [definition]: version };
      this.copy.drop();
      this.changed = false;
      this.#state();
      this.notice.tell(`已部署为第 ${version} 版。`, "done");
    } catch (reason) {
      this.#fail(reason);
    } finally {
      this.tools.enable("deploy", true);
    }
  }

  // What was recorded, played on the diagram as it stands here; a page of its own tells what it found.
  async replay() {
    try {
      this.tools.enable("replay", false);
      const { address, findings } = await replay(this.replayUrl, await this.files());
      if (findings) {
        this.problems.show(findings);
        this.notice.tell("没有回放：请先解决下面的问题。", "problem");
        return;
      }
      this.notice.lead("正在用这张图重走办过的实例，什么也不改变。", "看回放结果", address);
    } catch (reason) {
      this.#fail(reason);
    } finally {
      this.tools.enable("replay", true);
    }
  }

  async download() {
    const files = await this.files();
    saveToDisk(this.name, files[this.name]);
  }

  async openFile() {
    const file = await pickFile();
    if (!file) return;
    try {
      await this.show(file.xml);
      this.#touched();
    } catch (reason) {
      this.#fail(reason);
    }
  }

  undo() {
    this.modeler.get("commandStack").undo();
  }

  redo() {
    this.modeler.get("commandStack").redo();
  }

  fit() {
    fit(this.modeler, { left: PALETTE });
  }

  find() {
    this.modeler.get("searchPad").toggle();
  }

  simulate() {
    this.modeler.get("toggleMode").toggleMode();
  }

  #listen() {
    this.modeler.on("commandStack.changed", () => this.#touched());
    this.modeler.on("tokenSimulation.toggleMode", ({ active }) => this.#simulating(active));
    addEventListener("beforeunload", (event) => this.changed && event.preventDefault());
    this.host.addEventListener("keydown", (event) => {
      if (event.key !== "s" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      this.check();
    });
    this.#state();
  }

  // Fields must not change a diagram while tokens walk on it.
  #simulating(active) {
    this.tools.press("simulate", active);
    this.host.querySelector(".designer-panel").inert = active;
  }

  // After each change: the buttons' state now, a kept copy and a check once the hand rests.
  #touched() {
    this.changed = true;
    this.#state();
    clearTimeout(this.timer);
    this.timer = setTimeout(async () => {
      this.copy.keep((await this.files())[this.name]);
      this.check();
    }, PAUSE);
  }

  #state() {
    const stack = this.modeler.get("commandStack");
    this.tools.enable("undo", stack.canUndo());
    this.tools.enable("redo", stack.canRedo());
    this.tools.state(this.changed ? "有未部署的改动" : "");
  }

  async #offerCopy() {
    const found = this.copy.found();
    if (!found) return;
    const at = new Date(found.at).toLocaleString("zh-CN", { dateStyle: "short", timeStyle: "short" });
    const wanted = await this.notice.ask(`这台电脑上留有 ${at} 未部署的改动。`, { yes: "接着改", no: "丢弃" });
    if (!wanted) return this.copy.drop();
    await this.show(found.xml);
    this.#touched();
  }

  #fail(reason) {
    this.notice.tell(this.#sentence(reason), "problem");
  }

  #sentence(reason) {
    if (!(reason instanceof NoAnswer)) console.error(reason);
    return reason instanceof NoAnswer ? reason.message : "设计器出了意外，请下载图以免丢失，再刷新这一页。";
  }
}
