"""Pictures to try losses on: random ones, and the ones that break them.

Edges are of 64ths, so that overlaps that are equal on paper are equal in numbers, too, whoever computes them.
"""

from hypothesis import strategies as st

GRID = 64


def _box(draw, least):
    x, y = draw(st.integers(0, GRID - least)), draw(st.integers(0, GRID - least))
    width, height = draw(st.integers(least, GRID - x)), draw(st.integers(least, GRID - y))
    return [x / GRID, y / GRID, (x + width) / GRID, (y + height) / GRID]


@st.composite
def boxes(draw, most=6):
    found = [_box(draw, 1) for _ in range(draw(st.integers(0, most)))]
    if found and draw(st.booleans()):
        found.append(found[0])  # the same place twice
    return found


@st.composite
def priors(draw, fewest=1):
    edges = [_box(draw, 2) for _ in range(draw(st.integers(fewest, 24)))]
    return [[(x + right) / 2, (y + bottom) / 2, right - x, bottom - y] for x, y, right, bottom in edges]


@st.composite
def pictures(draw, classes):
    found = []
    for _ in range(draw(st.integers(1, 3))):
        objects = draw(boxes())
        labels = [draw(st.integers(0, classes - 1)) for _ in objects]
        found.append((objects, labels, draw(boxes(most=2)), draw(boxes(most=2))))
    return found


WHOLE = [0.0, 0.0, 1.0, 1.0]
TINY = [0.5, 0.5, 0.5 + 2**-14, 0.5 + 2**-14]
DEGENERATE = {
    "no object in any picture": [([], [], []), ([], [], [])],
    "no object in one picture": [([], [], []), ([[0.25, 0.25, 0.75, 0.75]], [0], [])],
    "one object on all there is": [([WHOLE], [0], [])],
    "the same box ten times": [([[0.25, 0.25, 0.5, 0.5]] * 10, [0] * 10, [])],
    "touching the border": [([[0.0, 0.0, 0.25, 0.25], [0.75, 0.75, 1.0, 1.0]], [0, 0], [])],
    "tiny": [([TINY, TINY], [0, 0], [])],
    "more objects than priors": [([[n / 64, n / 64, n / 64 + 0.25, n / 64 + 0.25] for n in range(40)], [0] * 40, [])],
    "everything difficult": [([], [], [WHOLE]), ([], [], [WHOLE])],
    "everything crowded": [([], [], [], [WHOLE]), ([], [], [], [WHOLE])],
    "an object in what is difficult": [([[0.0, 0.0, 0.5, 0.5]], [0], [[0.0, 0.0, 0.5, 0.5], WHOLE])],
    "an object in a crowd": [([[0.0, 0.0, 0.5, 0.5]], [0], [], [WHOLE])],
}
