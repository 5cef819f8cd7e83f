"""The machinery that turns a published report into a checkable edition; it knows no report."""
