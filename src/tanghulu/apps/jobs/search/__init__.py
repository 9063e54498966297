"""Finding jobs by what was said in them: an index of words beside the log, which can be thrown away and made anew.

Nothing here is evidence. Rows come from the entries of the log and from the openings beside it, by the worker; what an
erased opening said is taken out with `forget`.
"""

from tanghulu.apps.jobs.search.index import forget, index_texts, rebuild
from tanghulu.apps.jobs.search.query import FoundJob, Hit, Results, search

__all__ = ["FoundJob", "Hit", "Results", "forget", "index_texts", "rebuild", "search"]
