"""What a file is that an admin has saved: told with its place, in whatever form it is asked for."""

import json
from pathlib import Path

import pytest

from connector.cli.app import main
from connector.shipped import shipped

Captured = pytest.CaptureFixture[str]
TEXT = shipped("mappings/salesforce.yaml").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    assert main(["init", "--crm", "salesforce"]) == 0
    return tmp_path


def saved(folder: Path, content: bytes) -> str:
    (folder / "mappings" / "salesforce.yaml").write_bytes(content)
    return "mappings/salesforce.yaml"


def test_windows_line_ends_and_a_byte_order_mark_just_work(folder: Path, capsys: Captured) -> None:
    path = saved(folder, TEXT.replace("\n", "\r\n").encode("utf-8-sig"))
    assert main(["check", path]) == 0
    assert "no problems" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("encoding", "said"), [("utf-16", "it is saved as UTF-16"), ("cp1252", "saved in another encoding")]
)
@pytest.mark.parametrize("name", ["mappings/salesforce.yaml", "mappings/salesforce.schema.yaml", "config.yaml"])
def test_a_file_in_another_encoding_is_told_with_its_place(
    folder: Path, capsys: Captured, encoding: str, said: str, name: str
) -> None:
    path = folder / name
    path.write_bytes(("# é\n" + path.read_text(encoding="utf-8")).replace("…", "").encode(encoding))
    capsys.readouterr()
    assert main(["check"]) == 2
    told = capsys.readouterr().err
    assert "error[YML114]" in told
    assert f"{name}:1:{1 if encoding == 'utf-16' else 3}" in told
    assert said in told
    assert "defect" not in told


def test_a_slip_is_the_same_in_every_form(folder: Path, capsys: Captured) -> None:
    path = saved(
        folder, TEXT.replace("map: {INBOUND: Inbound, OUTBOUND: Outbound}}", "map: {INBOUND: Inbound").encode()
    )
    capsys.readouterr()
    assert main(["check", path]) == 2
    drawn = capsys.readouterr().err
    assert main(["check", "--format", "json", path]) == 2
    (record,) = json.loads(capsys.readouterr().out)
    assert main(["check", "--format", "github", path]) == 2
    annotated = capsys.readouterr().out.splitlines()[0]
    assert record["code"] == "YML117"
    assert TEXT.splitlines()[record["line"] - 1].startswith("  CallType: {")
    for shown in (drawn, annotated):
        assert record["label"] in shown
        assert record["help"] in shown
    assert f"line={record['line']},col={record['column']}" in annotated
    assert f"{path}:{record['line']}:{record['column']}" in drawn


def test_a_mistake_in_the_config_is_listed_for_programs_as_one_in_a_mapping_is(folder: Path, capsys: Captured) -> None:
    (folder / "config.yaml").write_text("aptn: {}\n")
    assert main(["check", "--format", "json", "--config", str(folder / "config.yaml")]) == 2
    said = capsys.readouterr()
    assert {(each["code"], each["line"]) for each in json.loads(said.out)} >= {("CFG102", 1)}
    assert "error[CFG102]" in said.err
