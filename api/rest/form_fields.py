"""The fields of a form as REST calls send them: any JSON that can be kept, also unchecked as a draft."""

from typing import Annotated, Any

import orjson
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError


def _kept(fields: dict[str, Any]) -> dict[str, Any]:
    """Raises what pydantic tells the caller (422): what JSON allows and no draft can hold."""
    try:
        orjson.dumps(fields)
    except orjson.JSONEncodeError as error:
        said = str(error)
        kind = "text" if "UTF-8" in said else "number" if "Integer" in said else "depth"
        raise PydanticCustomError(f"unstorable_{kind}", "cannot be kept") from error
    return fields


FormFields = Annotated[dict[str, Any], AfterValidator(_kept)]
"""What a form holds; texts are Unicode, integers have 64 bits, and it is no deeper than 200 levels."""
