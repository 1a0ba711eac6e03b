"""The author's and the instructor's side: builds, proves, releases and grades the chapters."""

import sys

# jsonschema would compile 38 grammars for addresses that no notebook has: 1.2 s before each command. None: "not there".
sys.modules.setdefault("rfc3987_syntax", None)
