"""Where the files of an installation lie."""

from pathlib import Path

import pytest

from api.settings import Settings


def test_the_database_lies_in_the_data_folder_unless_told_otherwise(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BIHUAN_DATABASE_URL", raising=False)
    assert Settings().database_url == "sqlite:///var/bihuan.db"
    monkeypatch.setenv("BIHUAN_DATA_DIR", str(tmp_path / "elsewhere"))
    moved = Settings()
    assert moved.database_url == f"sqlite:///{tmp_path}/elsewhere/bihuan.db"
    assert moved.files_dir == tmp_path / "elsewhere" / "files"
    monkeypatch.setenv("BIHUAN_DATABASE_URL", "postgresql+psycopg:///city")
    assert Settings().database_url == "postgresql+psycopg:///city"
