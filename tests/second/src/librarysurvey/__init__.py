"""An edition of a report that does not exist: a survey of the visitors of a school library, all of it invented.

It is the smallest complete edition, and the one to copy for another report.
"""

from reissue.core import report

report.set_package(__name__)
