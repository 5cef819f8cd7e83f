"""Read a page as a browser would: the cells of a table, row by row, spans spread out."""

from bs4 import BeautifulSoup


def table_cells(html: str) -> list[list[str]]:
    rows: list[list[str]] = []
    hanging: dict[int, tuple[int, str]] = {}
    for tr in BeautifulSoup(html, "html.parser").select_one("table").select("tr"):
        row: list[str] = []
        cells = iter(tr.find_all(["th", "td"]))
        while True:
            left, text = hanging.get(len(row), (0, ""))
            if left:
                hanging[len(row)] = (left - 1, text)
                row.append(text)
                continue
            cell = next(cells, None)
            if cell is None:
                break
            hanging[len(row)] = (int(cell.get("rowspan", 1)) - 1, cell.get_text())
            row.append(cell.get_text())
        rows.append(row)
    return rows
