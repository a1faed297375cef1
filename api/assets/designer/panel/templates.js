// The fields of our own, from the element templates. The same files load into Camunda Modeler, where they are
// applied by choice; here they are simply there for every element they fit.
import process from "../templates/process.json";
import lane from "../templates/lane.json";
import userTask from "../templates/user_task.json";
import callActivity from "../templates/call_activity.json";
import named from "../templates/named.json";
import { is } from "bpmn-js/lib/util/ModelUtil";

const TEMPLATES = [process, lane, userTask, callActivity, named];

export function fieldsFor(subject) {
  if (!subject) return [];
  const fitting = TEMPLATES.find((template) => template.appliesTo.some((type) => is(subject, type)));
  return fitting?.properties ?? [];
}
