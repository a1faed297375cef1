"""The lint: diagrams, decisions and forms together, cross references checked; findings, never exceptions."""

from engine.bpmn.findings import Finding, to_json
from engine.bpmn.lint.catalogue import Catalogue
from engine.bpmn.lint.together import lint

__all__ = ["Catalogue", "Finding", "lint", "to_json"]
