"""Tests run as commands do: with the variables that make bytes equal, and one cache."""

import os
import time

from hypothesis.configuration import set_hypothesis_home_dir

from reissue.build import environment
from reissue.core import paths

os.environ.update(environment.VARIABLES)
time.tzset()
paths.keep_to_own_cache()
set_hypothesis_home_dir(paths.CACHE / "hypothesis")
