"""Is it Student's t?"""

import re
from math import exp, lgamma, pi, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instrument.students_t import critical_t, incomplete_beta

# The column for 2.5 % above, as statistics books print it: degrees of freedom, then t.
TABLE = """
1 12.706   2 4.303    3 3.182    4 2.776    5 2.571    6 2.447    7 2.365    8 2.306    9 2.262   10 2.228
11 2.201  12 2.179   13 2.160   14 2.145   15 2.131   16 2.120   17 2.110   18 2.101   19 2.093   20 2.086
21 2.080  22 2.074   23 2.069   24 2.064   25 2.060   26 2.056   27 2.052   28 2.048   29 2.045   30 2.042
40 2.021  50 2.009   60 2.000   80 1.990  100 1.984  120 1.980  1000 1.962  1000000 1.960
"""
PRINTED = re.findall(r"(\d+) +([\d.]+)", TABLE)

sizes = st.floats(0.5, 1000)
places = st.floats(0.001, 0.999)


@pytest.mark.parametrize(("degrees", "printed"), PRINTED)
def test_t_is_as_printed(degrees: str, printed: str) -> None:
    assert f"{critical_t(int(degrees)):.3f}" == printed


@pytest.mark.parametrize("degrees", [1.5, 9.91, 24.9, 300.4])
def test_between_whole_degrees_t_leaves_out_five_percent_of_the_density(degrees: float) -> None:
    """By Simpson's rule on the density itself."""
    steps, t = 2000, critical_t(degrees)
    places = [t * step / steps for step in range(steps + 1)]
    front = exp(lgamma((degrees + 1) / 2) - lgamma(degrees / 2)) / sqrt(degrees * pi)
    density = [front * (1 + x * x / degrees) ** (-(degrees + 1) / 2) for x in places]
    half = (density[0] + 4 * sum(density[1:-1:2]) + 2 * sum(density[2:-1:2]) + density[-1]) * t / steps / 3

    assert 2 * half == pytest.approx(0.95, abs=1e-9)


def test_without_a_degree_of_freedom_there_is_no_t() -> None:
    with pytest.raises(ValueError, match="at least one degree"):
        critical_t(0)


@given(sizes, places)
def test_the_incomplete_beta_function_is_a_power_where_one_parameter_is_1(a: float, x: float) -> None:
    assert incomplete_beta(a, 1, x) == pytest.approx(x**a, rel=1e-9, abs=1e-12)
    assert incomplete_beta(1, a, x) == pytest.approx(1 - (1 - x) ** a, rel=1e-9, abs=1e-12)


@given(sizes, sizes, places)
def test_the_incomplete_beta_function_and_its_mirror_image_make_1(a: float, b: float, x: float) -> None:
    assert incomplete_beta(a, b, x) + incomplete_beta(b, a, 1 - x) == pytest.approx(1, abs=1e-9)
