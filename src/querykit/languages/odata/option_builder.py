"""What each rule of the options makes: imported when an option that is no `$filter` is read for the first time."""

from __future__ import annotations

from querykit.languages.odata.apply_rules import ApplyRules
from querykit.languages.odata.option_rules import OptionRules
from querykit.languages.odata.search_rules import SearchRules

__all__ = ["OptionBuilder"]


class OptionBuilder(OptionRules, SearchRules, ApplyRules):
    """The methods for the rules that `Builder` has none for."""
