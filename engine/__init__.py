"""The process engine: BPMN, DMN, people and work. It knows nothing of assessment, forms or HTTP."""
