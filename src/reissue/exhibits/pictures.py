"""Pictures of an exhibit in a notebook and on a page: one drawing for wide screens and one for narrow ones.

A notebook holds both as images, which every viewer shows. A page holds both as inline SVG: its text can be searched and
selected, and its colours follow the reader's colour scheme.
"""

import colorsys
import re
from base64 import b64decode, b64encode

from markupsafe import Markup

#: The width of a screen from which a page shows the wide drawing; the style of pages has the same.
_NARROW = "(max-width: 40rem)"
_PICTURE = re.compile(
    r'<picture><source media="[^"]*" srcset="data:image/svg\+xml;base64,(?P<narrow>[\w+/=]*)">'
    r'<img src="data:image/svg\+xml;base64,(?P<wide>[\w+/=]*)" alt="(?P<alt>[^"]*)"></picture>'
)
_INLINE = re.compile(
    r'<div class="picture"><svg class="wide" role="img" aria-label="(?P<alt>[^"]*)"(?P<attributes>[^>]*)>'
    r'(?P<content>.*?)</svg><svg class="narrow".*?</svg></div>',
    re.DOTALL,
)
_SVG_NAMESPACE, _XLINK_NAMESPACE = "http://www.w3.org/2000/svg", "http://www.w3.org/1999/xlink"
_SVG = re.compile(r"<svg\b(?P<attributes>[^>]*)>(?P<content>.*)</svg>", re.DOTALL)
_SIZE = re.compile(r' (?:width|height|version|xmlns(?::\w+)?)="[^"]*"')
#: A style that would apply to the whole page; the page's own style has it.
_STYLE = re.compile(r"<defs><style\b.*?</style></defs>", re.DOTALL)
#: The font of drawings.
_FONT = "DejaVu Sans"
_COLOUR = re.compile(r"#([0-9a-f]{6})\b")
_VARIABLE = re.compile(r"var\(--c-([0-9a-f]{6})\)")
#: Lightness of black and of white in the dark colour scheme: those of the page's text and background.
_BLACK, _WHITE = 0.92, 0.09


def picture_element(wide: bytes, narrow: bytes, alt: str) -> Markup:
    """Return both drawings (SVG) as one HTML element that needs no style."""
    address = "data:image/svg+xml;base64,{}"
    wide_address, narrow_address = (address.format(b64encode(svg).decode()) for svg in (wide, narrow))
    return Markup('<picture><source media="{}" srcset="{}"><img src="{}" alt="{}"></picture>').format(
        _NARROW, narrow_address, wide_address, alt
    )


def inline_pictures(html: str) -> str:
    """Replace the pictures of exhibits in HTML by inline SVG; the style of pages shows the one that fits."""

    def inline(picture: re.Match[str]) -> str:
        drawings = [_inline_svg(b64decode(picture[name]).decode(), name, picture["alt"]) for name in ("wide", "narrow")]
        return f'<div class="picture">{"".join(drawings)}</div>'

    return _PICTURE.sub(inline, html)


def _inline_svg(svg: str, name: str, alt: str) -> str:
    found = _SVG.search(svg)
    assert found is not None, "a drawing is SVG"
    content = _COLOUR.sub(r"var(--c-\1)", _STYLE.sub("", found["content"]))
    return f'<svg class="{name}" role="img" aria-label="{alt}"{_SIZE.sub("", found["attributes"])}>{content}</svg>'


def define_colours(html: str) -> str:
    """Return CSS that defines the colours of the inline pictures in HTML, in the light and the dark colour scheme."""
    colours = sorted(set(_VARIABLE.findall(html)))
    if not colours:
        return ""
    light = ";".join(f"--c-{colour}:#{colour}" for colour in colours)
    dark = ";".join(f"--c-{colour}:#{invert_lightness(colour)}" for colour in colours)
    return f":root{{{light}}}\n@media screen and (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"


def invert_lightness(colour: str) -> str:
    """Return a colour (six hexadecimal digits) of the same hue that is as light as the given one is dark."""
    red, green, blue = (int(colour[place : place + 2], 16) / 255 for place in (0, 2, 4))
    hue, lightness, saturation = colorsys.rgb_to_hls(red, green, blue)
    inverted = colorsys.hls_to_rgb(hue, _BLACK + (_WHITE - _BLACK) * lightness, saturation)
    return "".join(f"{round(255 * part):02x}" for part in inverted)


def restore_images(html: str, font: str = _FONT) -> str:
    """Replace inline pictures by images of their wide drawings in their light colours, for print with a font."""

    def restore(picture: re.Match[str]) -> str:
        attributes, content = picture["attributes"].replace(_FONT, font), _VARIABLE.sub(r"#\1", picture["content"])
        svg = f'<svg xmlns="{_SVG_NAMESPACE}" xmlns:xlink="{_XLINK_NAMESPACE}"{attributes}>{content}</svg>'
        return Markup('<img src="data:image/svg+xml;base64,{}" alt="{}">').format(
            b64encode(svg.encode()).decode(), Markup(picture["alt"])
        )

    return _INLINE.sub(restore, html)
