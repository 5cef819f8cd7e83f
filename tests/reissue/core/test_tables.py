"""Reading processed tables with their dictionary, and the error before any build."""

import json

import pandas as pd
import pytest

import iucresearch
from reissue.core import datapackage
from reissue.core.errors import InputError
from reissue.core.tables import build_descriptor


def test_every_table_is_read_back_as_it_was_saved(processed_folder, processed):
    assert sorted(iucresearch.tables()["name"]) == sorted(processed)
    for name, table in processed.items():
        read = iucresearch.load(name)
        pd.testing.assert_frame_equal(read, table.reset_index(drop=True), check_dtype=False)
        assert read.attrs["title"]


def test_every_column_is_explained(processed_folder, processed):
    for name, table in processed.items():
        words = iucresearch.describe(name)
        assert words["column"].tolist() == table.columns.tolist()
        assert words["meaning"].str.len().min() > 2
        numbers = words[words["type"].isin(["integer", "number"])]
        assert (numbers["unit"] != "").all(), name


def test_processed_values_are_what_their_dictionary_allows(processed_folder):
    import frictionless

    descriptor = json.loads((processed_folder / "datapackage.json").read_text(encoding="utf-8"))
    for resource in descriptor["resources"]:
        assert resource.pop("hash") == datapackage.hash_file(processed_folder / resource["path"])
    report = frictionless.Package(descriptor, basepath=str(processed_folder)).validate()
    assert report.valid, report.flatten(["taskNumber", "rowNumber", "fieldName", "note"])


def test_unknown_tables_and_columns_are_refused(processed_folder, processed):
    with pytest.raises(InputError, match=r"unknown table 'pairing'. Expected one of abbreviations"):
        iucresearch.load("pairing")
    tables = {"swot": processed["swot"].assign(colour="red")}
    with pytest.raises(InputError, match="column 'colour' of processed table 'swot' is not explained"):
        build_descriptor(tables, {"swot.csv": datapackage.to_csv(tables["swot"])})


def test_na_and_null_are_values_not_gaps(tmp_path):
    (tmp_path / "t.csv").write_text("code,word\nNA,null\n,x\n")
    fields = [{"name": "code", "type": "string"}, {"name": "word", "type": "string"}]
    frame = datapackage.read_table(tmp_path, {"path": "t.csv", "schema": {"fields": fields}}, "x")
    assert frame["code"].tolist()[0] == "NA"
    assert pd.isna(frame["code"].tolist()[1])
    assert frame["word"].tolist() == ["null", "x"]
