// What every page gets. All of it is comfort: each page works without.
import "../theme/index.css";
import htmx from "htmx.org";
import "./busy.js";
import "./draft.js";
import "./focus.js";
import "./keys.js";
import "./live.js";
import "./menus.js";
import "./phrases.js";
import "./print.js";
import "./said.js";
import "./signature.js";
import "../forms.js";

window.htmx = htmx;
