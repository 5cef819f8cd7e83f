"""A build and this process, whose hash seed differs, make the same bytes of every picture from the same data."""

import pandas as pd
import pytest

from iucresearch.exhibits import EXHIBITS
from iucresearch.explore import MAKERS
from reissue.drawing import style
from reissue.exhibits.registry import find_exhibit
from reissue.exhibits.show import draw_exhibit
from tests.conftest import Project


@pytest.mark.build
@pytest.mark.parametrize("name", ["figure-1", "figure-2", "figure-3", "figure-5", "figure-8"])
def test_the_same_bytes_in_another_process(processed: dict[str, pd.DataFrame], built: Project, name: str) -> None:
    maker = MAKERS[name]
    data = maker.data(*(processed[table] for table in maker.tables))
    figure = draw_exhibit(find_exhibit(EXHIBITS, name), maker.make, data, maker.context())
    place = built.root / "reports" / "figures" / name
    assert place.with_suffix(".svg").read_bytes() == style.svg(figure, name)
    assert place.with_suffix(".png").read_bytes() == style.png(figure)
