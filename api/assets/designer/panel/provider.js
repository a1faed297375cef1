// The group 闭环 right below 基本, with the fields that our dialect adds. The standard list of extension properties
// keeps only what is not ours, so that each thing is edited in one place.
import { Group } from "@bpmn-io/properties-panel";
import { propertiesOf, subjectOf } from "./extension.js";
import { entryFor } from "./fields.js";
import { fieldsFor } from "./templates.js";

// Below the zeebe provider's 500, so that its groups are already there.
const AFTER_ZEEBE = 400;

class OurFields {
  static $inject = ["propertiesPanel"];

  constructor(propertiesPanel) {
    propertiesPanel.registerProvider(AFTER_ZEEBE, this);
  }

  getGroups(element) {
    return (groups) => {
      const subject = subjectOf(element);
      const fields = fieldsFor(subject);
      if (!fields.length) return groups;
      const names = new Set(fields.map((field) => field.binding.name));
      const entries = fields.map((field) => ({ ...entryFor(field), element }));
      const ours = { id: "bihuan", label: "闭环", entries, component: Group, shouldOpen: true };
      const rest = groups.map((group) => opened(withoutOurs(group, { element, subject, names })));
      const at = rest.findIndex((group) => group.id === "general") + 1;
      return rest.toSpliced(at, 0, ours);
    };
  }
}

function opened(group) {
  return group.id === "general" ? { ...group, shouldOpen: true } : group;
}

function withoutOurs(group, { element, subject, names }) {
  if (group.id !== "Zeebe__ExtensionProperties" && group.id !== "extensionProperties") return group;
  const hidden = new Set(
    propertiesOf(subject)
      .map((property, index) => names.has(property.name) && `${element.id}-extensionProperty-${index}`)
      .filter(Boolean),
  );
  return { ...group, items: group.items.filter((item) => !hidden.has(item.id)) };
}

export const ourFields = { __init__: ["bihuanFields"], bihuanFields: ["type", OurFields] };
