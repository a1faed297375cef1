// bpmn-js with what a designer of our dialect needs: the zeebe panel, our own fields, minimap, simulation, Chinese.
import Modeler from "bpmn-js/lib/Modeler";
import {
  BpmnPropertiesPanelModule,
  BpmnPropertiesProviderModule,
  ZeebePropertiesProviderModule,
} from "bpmn-js-properties-panel";
import zeebeBehaviors from "camunda-bpmn-js-behaviors/lib/camunda-cloud";
import minimap from "diagram-js-minimap";
import simulation from "bpmn-js-token-simulation/lib/modeler";
import zeebe from "zeebe-bpmn-moddle/resources/zeebe.json";
import { ourFields } from "./panel/provider.js";
import { onlyDialect } from "./dialect.js";
import { readableIds } from "./ids.js";
import { chinese } from "./zh/module.js";
import { simulationInChinese } from "./zh/simulation.js";

export function makeModeler({ canvas, panel }) {
  return new Modeler({
    container: canvas,
    propertiesPanel: { parent: panel },
    moddleExtensions: { zeebe },
    additionalModules: [
      BpmnPropertiesPanelModule,
      BpmnPropertiesProviderModule,
      ZeebePropertiesProviderModule,
      zeebeBehaviors,
      minimap,
      simulation,
      chinese,
      simulationInChinese,
      ourFields,
      onlyDialect,
      readableIds,
    ],
  });
}
