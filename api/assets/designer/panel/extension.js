// Reading and writing zeebe:property of an element; one undoable command per change.
import { getBusinessObject, is } from "bpmn-js/lib/util/ModelUtil";

// What the panel edits: a pool stands for its process.
export function subjectOf(element) {
  const object = getBusinessObject(element);
  return is(object, "bpmn:Participant") ? object.processRef : object;
}

function holderOf(subject) {
  return subject.extensionElements?.values?.find((value) => is(value, "zeebe:Properties"));
}

export function propertiesOf(subject) {
  return holderOf(subject)?.properties ?? [];
}

export function read(subject, name) {
  return propertiesOf(subject).find((property) => property.name === name)?.value ?? "";
}

function create(type, properties, parent, bpmnFactory) {
  const made = bpmnFactory.create(type, properties);
  made.$parent = parent;
  return made;
}

function changed(subject, name, value, bpmnFactory) {
  const before = propertiesOf(subject);
  const kept = before.filter((property) => property.name !== name);
  if (!value) return kept;
  const property = bpmnFactory.create("zeebe:Property", { name, value });
  const at = before.findIndex((other) => other.name === name);
  return at < 0 ? [...kept, property] : kept.toSpliced(at, 0, property);
}

// The whole extensionElements are made anew around the untouched parts, so that one command undoes one change.
export function write({ element, subject, name, value, modeling, bpmnFactory }) {
  const before = subject.extensionElements?.values ?? [];
  const list = changed(subject, name, value, bpmnFactory);
  const others = before.filter((part) => part !== holderOf(subject));
  const extension = create("bpmn:ExtensionElements", { values: others }, subject, bpmnFactory);
  if (list.length) {
    const holder = create("zeebe:Properties", { properties: list }, extension, bpmnFactory);
    list.forEach((property) => (property.$parent = holder));
    extension.values = [...others, holder];
  }
  others.forEach((part) => (part.$parent = extension));
  const extensionElements = extension.values.length ? extension : undefined;
  modeling.updateModdleProperties(element, subject, { extensionElements });
}
