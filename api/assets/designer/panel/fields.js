// One template property, one field: text, FEEL, choice, or a set of ticks.
import {
  FeelEntry,
  isFeelEntryEdited,
  isSelectEntryEdited,
  isTextFieldEntryEdited,
  SelectEntry,
  TextFieldEntry,
} from "@bpmn-io/properties-panel";
import { useService } from "bpmn-js-properties-panel";
import { getBusinessObject as businessObject, is } from "bpmn-js/lib/util/ModelUtil";
import { read, subjectOf, write } from "./extension.js";
import { SETS, TickSet, isTickSetEdited } from "./ticks.js";

function useField({ element, field, id }) {
  const modeling = useService("modeling");
  const bpmnFactory = useService("bpmnFactory");
  const subject = subjectOf(element);
  const name = field.binding.name;
  return {
    element,
    id,
    label: field.label,
    description: field.description,
    debounce: useService("debounceInput"),
    translate: useService("translate"),
    getValue: () => read(subject, name),
    setValue: (value) => write({ element, subject, name, value, modeling, bpmnFactory }),
  };
}

function Text(props) {
  return TextFieldEntry({ ...useField(props), placeholder: props.field.placeholder });
}

function Expression(props) {
  return FeelEntry({ ...useField(props), feel: props.field.feel });
}

function Choice(props) {
  return chosenFrom(props, props.field.choices.map(({ name, value }) => ({ label: name, value })));
}

// Another user task of the same process, by the name people know it by.
function Task(props) {
  const here = businessObject(props.element);
  const others = useService("elementRegistry")
    .filter((other) => is(other, "bpmn:UserTask") && !other.labelTarget)
    .map(businessObject)
    .filter((other) => other !== here && processOf(other) === processOf(here));
  return chosenFrom(props, others.map(({ id, name }) => ({ label: name || id, value: id })));
}

function processOf(node) {
  return is(node, "bpmn:Process") || !node.$parent ? node : processOf(node.$parent);
}

function chosenFrom(props, choices) {
  const options = [{ value: "", label: "<默认>" }, ...choices];
  const field = useField(props);
  // A value that the list does not know (written elsewhere) must stay and be seen.
  const value = field.getValue();
  if (!options.some((option) => option.value === value)) options.push({ value, label: value });
  return SelectEntry({ ...field, getOptions: () => options });
}

function Ticks(props) {
  return TickSet({ ...useField(props), choices: SETS[props.field.binding.name] });
}

const TASKS = ["bihuan:returnTo"];

function kind(field) {
  if (TASKS.includes(field.binding.name)) return [Task, isSelectEntryEdited];
  if (SETS[field.binding.name]) return [Ticks, isTickSetEdited];
  if (field.type === "Dropdown") return [Choice, isSelectEntryEdited];
  if (field.feel) return [Expression, isFeelEntryEdited];
  return [Text, isTextFieldEntryEdited];
}

export function entryFor(field) {
  const [component, isEdited] = kind(field);
  return { id: field.binding.name.replaceAll(":", "-"), component, isEdited, field };
}
