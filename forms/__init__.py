"""Forms: form-js files read, compiled, checked, rendered. Knows no process, no database, no HTTP.

Of the engine only `engine.feel` may be imported here.
"""

from forms.check import Checked, check
from forms.errors import FieldError, FormError, FormFinding, FormRefused
from forms.form import Form
from forms.labels import label_at, value_at
from forms.merge import Merged, merge
from forms.posts import Edit, Posted, attach, parse_post
from forms.read import read_form
from forms.render import open_fields, read_views, render
from forms.views import FileLink

__all__ = [
    "Checked",
    "Edit",
    "FieldError",
    "FileLink",
    "Form",
    "FormError",
    "FormFinding",
    "FormRefused",
    "Merged",
    "Posted",
    "attach",
    "check",
    "label_at",
    "merge",
    "open_fields",
    "parse_post",
    "read_form",
    "read_views",
    "render",
    "value_at",
]
