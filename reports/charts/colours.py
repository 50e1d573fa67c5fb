"""What each color stands for, and which text can be read on it.

The colours survive colour blindness and greyscale; still nothing is said by colour alone: each figure is printed.
Sources: ColorBrewer's PuOr for the choices; cividis by Nuñez, Anderson and Renslow (2018), as ten of its colours.
"""

INK, SOFT, LINE, PAPER = "#1a1a1a", "#4d4d4d", "#8c8c8c", "#ffffff"
BLACK, WHITE = "#000000", "#ffffff"
CHOICES = ("#e66101", "#fdb863", "#b2abd2", "#5e3c99")
"""Never, Occasionally, Often, Always."""
SMALL = "#dedede"
"""Where only two of the choices together may be shown."""
CIVIDIS = (
    *("#00224e", "#123570", "#3b496c", "#575d6d", "#707173"),
    *("#8a8678", "#a59c74", "#c3b369", "#e1cc55", "#fee838"),
)


def cividis(percent: float) -> str:
    """The colour for 0 to 100, dark for low and bright for high."""
    place = min(max(percent, 0.0), 100.0) / 100 * (len(CIVIDIS) - 1)
    below = min(int(place), len(CIVIDIS) - 2)
    mixed = [
        round(low + (high - low) * (place - below))
        for low, high in zip(_channels(CIVIDIS[below]), _channels(CIVIDIS[below + 1]), strict=True)
    ]
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def text_on(background: str) -> str:
    """Black or white, whichever is read more easily there: the ratio is 4.5 or more on any colour."""
    return max((BLACK, WHITE), key=lambda text: contrast(text, background))


def _channels(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)
